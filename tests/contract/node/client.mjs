// Drives the vendor's SDK, unchanged, against the emulator at EMULATOR_URL and prints what it got as one JSON object.
import { createRequire } from "node:module";

const sdk = createRequire(import.meta.url)("@intacct/intacct-sdk");
const { AccountsReceivable, Common, Projects } = sdk.Functions;
const { NewQuery } = Common;
const address = process.env.EMULATOR_URL;

// The SDK refuses hosts outside the vendor's domain, but only when it builds credentials: so these are built with the default
// endpoint, and the emulator's address is set afterwards; the sign-in overwrites it, hence twice.
async function signIn({ userPassword = "ws-user-pw", senderPassword = "sandbox-sender-pw", entityId } = {}) {
  const config = new sdk.ClientConfig();
  Object.assign(config, { senderId: "sandbox-sender", senderPassword, companyId: "SANDBOX", userId: "ws-user", userPassword, entityId });
  new sdk.OnlineClient(config);
  config.endpointUrl = address;
  const session = await sdk.SessionProvider.factory(config);
  const client = new sdk.OnlineClient(session);
  session.endpointUrl = address;
  return { client, session };
}

// The SDK's own delete classes send older functions of each object; this sends the generic one, by record number.
class Delete extends sdk.Functions.AbstractFunction {
  constructor(objectName, key) {
    super();
    Object.assign(this, { objectName, key });
  }

  writeXml(xml) {
    xml.writeStartElement("function");
    xml.writeAttribute("controlid", this.controlId, true);
    xml.writeStartElement("delete");
    xml.writeElement("object", this.objectName, true);
    xml.writeElement("keys", this.key, true);
    xml.writeEndElement();
    xml.writeEndElement();
  }
}

const plain = (result) => ({
  status: result.status,
  function: result.functionName,
  listType: result.listType,
  count: result.count,
  totalCount: result.totalCount,
  numRemaining: result.numRemaining,
  data: result.data,
});

async function failure(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return { name: error.constructor.name, message: error.message, errors: error.errors ?? [] };
  }
}

async function main() {
  const out = {};
  const { client, session } = await signIn();
  out.session = { sessionId: session.sessionId, entityId: session.entityId ?? null };
  const run = async (work) => plain((await client.execute(work)).getResult());

  const customer = new AccountsReceivable.CustomerCreate();
  Object.assign(customer, { customerId: "C-1", customerName: "Birch Plumbing", printAs: "Birch Plumbing", active: true });
  out.customerCreated = await run(customer);
  const customerChange = new AccountsReceivable.CustomerUpdate();
  Object.assign(customerChange, { customerId: "C-1", customerName: "Birch & Sons <Plumbing>" });
  out.customerUpdated = await run(customerChange);

  for (let number = 1; number <= 5; number += 1) {
    const project = new Projects.ProjectCreate();
    const projectId = `J-${number}`;
    Object.assign(project, { projectId, projectName: `Job ${number}`, projectCategory: "Contract", customerId: "C-1", locationId: "100" });
    if (number > 1) project.parentProjectId = "J-1";
    out[`created${number}`] = await run(project);
  }
  const change = new Projects.ProjectUpdate();
  Object.assign(change, { projectId: "J-2", projectName: "Job 2, renamed", active: false });
  out.projectUpdated = await run(change);

  out.pages = [];
  for (let offset = 0; offset < 6; offset += 2) {
    const query = new NewQuery.Query();
    query.assignFromObject("PROJECT");
    query.assignSelectFields(new NewQuery.QuerySelect.SelectBuilder().addFields(["RECORDNO", "PROJECTID", "NAME", "STATUS"]).selects);
    query.assignFilter(new NewQuery.QueryFilter.Filter("PROJECTID").like("J-%"));
    query.assignOrderBy(new NewQuery.QueryOrderBy.OrderBuilder().addAscending("RECORDNO").orders);
    query.assignPageSize(2);
    query.assignOffset(offset);
    out.pages.push(await run(query));
  }

  const list = new Common.ReadByQuery();
  list.objectName = "PROJECT";
  list.fields = ["RECORDNO", "PROJECTID", "NAME"];
  list.query = new Common.Query.QueryString("PROJECTID like 'J-%'");
  list.pageSize = 2;
  let page = (await client.execute(list)).getResult();
  out.readByQuery = [plain(page)];
  while (page.numRemaining > 0) {
    const more = new Common.ReadMore();
    more.resultId = page.resultId;
    page = (await client.execute(more)).getResult();
    out.readByQuery.push(plain(page));
  }

  const read = new Common.Read();
  read.objectName = "PROJECT";
  read.keys = [Number(out.created2.data[0].RECORDNO)];
  out.read = await run(read);
  const byName = new Common.ReadByName();
  byName.objectName = "CUSTOMER";
  byName.names = ["C-1"];
  out.readByName = await run(byName);

  const twice = new Projects.ProjectCreate();
  Object.assign(twice, { projectId: "J-1", projectName: "Again", projectCategory: "Contract", locationId: "100" });
  out.duplicate = await failure(() => client.execute(twice));
  out.customerInUse = await failure(() => client.execute(new Delete("CUSTOMER", out.customerCreated.data[0].RECORDNO)));
  for (let number = 5; number >= 1; number -= 1) out[`deleted${number}`] = await run(new Delete("PROJECT", out[`created${number}`].data[0].RECORDNO));
  out.customerDeleted = await run(new Delete("CUSTOMER", out.customerCreated.data[0].RECORDNO));
  out.wrongUser = await failure(() => signIn({ userPassword: "wrong" }));
  out.wrongSender = await failure(() => signIn({ senderPassword: "wrong" }));
  const scoped = await signIn({ entityId: "200" });
  out.scoped = { entityId: scoped.session.entityId };
  console.log(JSON.stringify(out));
}

await main();
