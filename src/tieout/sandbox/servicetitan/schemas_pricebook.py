"""Members of the pricebook objects (servicetitan Appendix A; pricebook v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
ServiceGetResponse
    id!:i64 code!:str displayName:str? description!:str warranty:SkuWarrantyResponse? categories!:[SkuCategoryResponse]
    price!:dec memberPrice!:dec addOnPrice!:dec addOnMemberPrice!:dec taxable!:bool account:str? hours!:dec isLabor:bool?
    recommendations!:[i64] upgrades!:[i64] assets!:[SkuAssetResponse] serviceMaterials!:[SkuLinkResponse]
    serviceEquipment!:[SkuLinkResponse] active!:bool crossSaleGroup:str? paysCommission!:bool bonus!:dec commissionBonus!:dec
    modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]? businessUnitId:i64? cost!:dec createdOn!:dt
    soldByCommission!:dec defaultAssetUrl:str? budgetCostCode:str? budgetCostType:str? calculatedPrice:dec? useStaticPrices:bool?
SkuWarrantyResponse
    duration!:i32 description:str?
SkuCategoryResponse
    id!:i64 name!:str active!:bool
SkuAssetResponse
    alias:str? fileName:str? isDefault!:bool type!:SkuAssetType url!:str
SkuAssetType
    = Other Image Video Attachment VideoFile
SkuLinkResponse
    skuId!:i64 quantity!:dec
ExternalDataModel
    key!:str value!:str
ServiceResponse
    id!:i64 code!:str displayName:str? description!:str warranty:SkuWarrantyResponse? categories!:[SkuCategoryResponse]
    price!:dec memberPrice!:dec addOnPrice!:dec addOnMemberPrice!:dec taxable!:bool account:str? hours!:dec isLabor:bool?
    recommendations!:[i64] upgrades!:[i64] assets!:[SkuAssetResponse] serviceMaterials!:[SkuLinkResponse]
    serviceEquipment!:[SkuLinkResponse] active!:bool crossSaleGroup:str? paysCommission!:bool bonus!:dec commissionBonus!:dec
    modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]? businessUnitId:i64? cost!:dec createdOn!:dt
    soldByCommission!:dec defaultAssetUrl:str? budgetCostCode:str? budgetCostType:str?
ExportServiceResponse
    id!:i64 code!:str displayName:str? description!:str warranty:SkuWarrantyResponse? categories!:[SkuCategoryResponse]
    price!:dec memberPrice!:dec addOnPrice!:dec addOnMemberPrice!:dec taxable!:bool account:str? hours!:dec isLabor:bool?
    recommendations!:[i64] upgrades!:[i64] assets!:[SkuAssetResponse] serviceMaterials!:[SkuLinkResponse]
    serviceEquipment!:[SkuLinkResponse] active!:bool crossSaleGroup:str? paysCommission!:bool bonus!:dec commissionBonus!:dec
    modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]? businessUnitId:i64? cost!:dec createdOn!:dt
    soldByCommission!:dec defaultAssetUrl:str? budgetCostCode:str? budgetCostType:str?
MaterialResponse
    id!:i64 code!:str displayName:str? description!:str cost!:dec active!:bool price!:dec memberPrice!:dec addOnPrice!:dec
    addOnMemberPrice!:dec hours!:dec bonus!:dec commissionBonus!:dec paysCommission!:bool deductAsJobCost!:bool
    unitOfMeasure:str? isInventory!:bool account:str? costOfSaleAccount:str? assetAccount:str? taxable:bool?
    primaryVendor:SkuVendorResponse? otherVendors:[SkuVendorResponse]? categories!:[i64] assets!:[SkuAssetResponse]
    modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]? isConfigurableMaterial!:bool
    chargeableByDefault!:bool variationsOrConfigurableMaterials:[i64]? businessUnitId:i64? createdById!:i64 createdOn!:dt
    displayInAmount!:bool generalLedgerAccountId:i64? isOtherDirectCost!:bool costTypeId:i64? defaultAssetUrl:str?
    budgetCostCode:str? budgetCostType:str?
SkuVendorResponse
    id!:i64 vendorName!:str vendorId!:i64 memo:str? vendorPart:str? cost!:dec active!:bool
    primarySubAccount:SkuVendorSubAccountResponse? otherSubAccounts:[SkuVendorSubAccountResponse]?
SkuVendorSubAccountResponse
    id!:i64 cost!:dec accountName!:str
ExportMaterialResponse
    id!:i64 code!:str displayName:str? description!:str cost!:dec active!:bool price!:dec memberPrice!:dec addOnPrice!:dec
    addOnMemberPrice!:dec hours!:dec bonus!:dec commissionBonus!:dec paysCommission!:bool deductAsJobCost!:bool
    unitOfMeasure:str? isInventory!:bool account:str? costOfSaleAccount:str? assetAccount:str? taxable:bool?
    primaryVendor:SkuVendorResponse? otherVendors:[SkuVendorResponse]? categories!:[i64] assets!:[SkuAssetResponse]
    modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]? isConfigurableMaterial!:bool
    chargeableByDefault!:bool variationsOrConfigurableMaterials:[i64]? businessUnitId:i64? createdById!:i64 createdOn!:dt
    displayInAmount!:bool generalLedgerAccountId:i64? isOtherDirectCost!:bool costTypeId:i64? defaultAssetUrl:str?
    budgetCostCode:str? budgetCostType:str?
EquipmentResponse
    id!:i64 code!:str displayName:str? description!:str active!:bool price!:dec memberPrice!:dec addOnPrice!:dec
    addOnMemberPrice!:dec manufacturer:str? model:str? manufacturerWarranty!:SkuWarrantyResponse
    serviceProviderWarranty!:SkuWarrantyResponse categories!:[i64] assets!:[SkuAssetResponse]
    recommendations!:[EquipmentRecommendationResponse] upgrades!:[i64] equipmentMaterials!:[SkuLinkResponse]
    primaryVendor:SkuVendorResponse? otherVendors:[SkuVendorResponse]? account:str? costOfSaleAccount:str? assetAccount:str?
    crossSaleGroup:str? paysCommission!:bool bonus!:dec commissionBonus!:dec hours!:dec taxable!:bool cost!:dec
    unitOfMeasure:str? isInventory!:bool modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]?
    isConfigurableEquipment!:bool variationsOrConfigurableEquipment:[i64]? typeId:i64? displayInAmount!:bool
    generalLedgerAccountId:i64? createdOn!:dt defaultAssetUrl:str? dimensions:DimensionsResponse? budgetCostCode:str?
    budgetCostType:str?
EquipmentRecommendationResponse
    skuId!:i64 type!:EquipmentRecommendationType
EquipmentRecommendationType
    = Service Material
DimensionsResponse
    height:dec? width:dec? depth:dec?
ExportEquipmentResponse
    id!:i64 code!:str displayName:str? description!:str active!:bool price!:dec memberPrice!:dec addOnPrice!:dec
    addOnMemberPrice!:dec manufacturer:str? model:str? manufacturerWarranty!:SkuWarrantyResponse
    serviceProviderWarranty!:SkuWarrantyResponse categories!:[i64] assets!:[SkuAssetResponse]
    recommendations!:[EquipmentRecommendationResponse] upgrades!:[i64] equipmentMaterials!:[SkuLinkResponse]
    primaryVendor:SkuVendorResponse? otherVendors:[SkuVendorResponse]? account:str? costOfSaleAccount:str? assetAccount:str?
    crossSaleGroup:str? paysCommission!:bool bonus!:dec commissionBonus!:dec hours!:dec taxable!:bool cost!:dec
    unitOfMeasure:str? isInventory!:bool modifiedOn!:dt source:str? externalId:str? externalData:[ExternalDataModel]?
    isConfigurableEquipment!:bool variationsOrConfigurableEquipment:[i64]? typeId:i64? displayInAmount!:bool
    generalLedgerAccountId:i64? createdOn!:dt defaultAssetUrl:str? dimensions:DimensionsResponse? budgetCostCode:str?
    budgetCostType:str?
CategoryResponse
    id!:i64 name!:str active!:bool description:str? image:str? parentId:i64? position!:i32 categoryType!:CategoryType
    subcategories:[CategoryResponse]? businessUnitIds:[i64]? skuImages:[str]? skuVideos:[str]? source:str? externalId:str?
    hideInMobile!:bool createdOn!:dt modifiedOn!:dt
CategoryType
    = Services Materials
ExportCategoryResponse
    id!:i64 name!:str active!:bool description:str? image:str? parentId:i64? position!:i32 categoryType!:CategoryType
    subcategories:[CategoryResponse]? businessUnitIds:[i64]? skuImages:[str]? skuVideos:[str]? source:str? externalId:str?
    hideInMobile!:bool createdOn!:dt modifiedOn!:dt
ServiceCreateRequest
    serviceMaterials:[SkuLinkRequest]? serviceEquipment:[SkuLinkRequest]? recommendations:[i64]? upgrades:[i64]? code!:str
    displayName:str? description!:str warranty:SkuWarrantyRequest? categories:[i64]? price:dec? memberPrice:dec? addOnPrice:dec?
    addOnMemberPrice:dec? taxable:bool? account:str? intacctGlGroupAccount:str? hours:dec? isLabor:bool?
    assets:[SkuAssetRequest]? active:bool? crossSaleGroup:str? paysCommission:bool? bonus:dec? commissionBonus:dec?
    externalData:ExternalDataCreateRequest? budgetCostCode:str? budgetCostType:str?
SkuLinkRequest
    skuId!:i64 quantity!:dec
SkuWarrantyRequest
    duration!:i32 description:str?
SkuAssetRequest
    type!:SkuAssetType alias:str? url!:str isDefault:bool?
ExternalDataCreateRequest
    applicationGuid!:guid externalData!:[ExternalDataModel]
ServiceUpdateRequest
    code:str displayName:str description:str warranty:SkuWarrantyRequest categories:[i64] price:dec memberPrice:dec
    addOnPrice:dec addOnMemberPrice:dec taxable:bool account:str intacctGlGroupAccount:str hours:dec isLabor:bool
    recommendations:[i64] upgrades:[i64] assets:[SkuAssetRequest] serviceMaterials:[SkuLinkRequest]
    serviceEquipment:[SkuLinkRequest] active:bool crossSaleGroup:str paysCommission:bool bonus:dec commissionBonus:dec
    externalData:ExternalDataUpdateRequest? budgetCostCode:str budgetCostType:str
ExternalDataUpdateRequest
    patchMode:ExternalDataPatchMode? applicationGuid!:guid externalData!:[ExternalDataUpdateModel]
ExternalDataPatchMode
    = Replace Merge
ExternalDataUpdateModel
    key!:str value:str?
MaterialCreateRequest
    code!:str displayName:str? description!:str cost:dec? active:bool? price:dec? memberPrice:dec? addOnPrice:dec?
    addOnMemberPrice:dec? hours:dec? bonus:dec? commissionBonus:dec? paysCommission:bool? deductAsJobCost:bool?
    unitOfMeasure:str? isInventory:bool? account:str? costOfSaleAccount:str? assetAccount:str? intacctGlGroupAccount:str?
    taxable:bool? primaryVendor:SkuVendorRequest? otherVendors:[SkuVendorRequest]? assets:[SkuAssetRequest]? categories:[i64]?
    externalData:ExternalDataCreateRequest? isConfigurableMaterial:bool? chargeableByDefault:bool? variationMaterials:[i64]?
    isOtherDirectCost:bool? costTypeId:i64? budgetCostCode:str? budgetCostType:str?
SkuVendorRequest
    vendorId!:i64 memo:str? vendorPart:str? cost!:dec active!:bool primarySubAccount:SkuVendorSubAccountRequest?
    otherSubAccounts:[SkuVendorSubAccountRequest]?
SkuVendorSubAccountRequest
    cost!:dec accountName!:str
MaterialUpdateRequest
    code:str displayName:str description:str cost:dec active:bool price:dec memberPrice:dec addOnPrice:dec addOnMemberPrice:dec
    hours:dec bonus:dec commissionBonus:dec paysCommission:bool deductAsJobCost:bool unitOfMeasure:str isInventory:bool
    account:str costOfSaleAccount:str assetAccount:str intacctGlGroupAccount:str taxable:bool primaryVendor:SkuVendorRequest
    otherVendors:[SkuVendorRequest] assets:[SkuAssetRequest] categories:[i64] externalData:ExternalDataUpdateRequest?
    isConfigurableMaterial:bool chargeableByDefault:bool variationMaterials:[i64] costTypeId:i64? budgetCostCode:str
    budgetCostType:str
EquipmentCreateRequest
    equipmentMaterials:[SkuLinkRequest]? recommendations:[EquipmentRecommendationRequest]? upgrades:[i64]? code!:str
    displayName:str? description!:str price:dec? memberPrice:dec? addOnPrice:dec? addOnMemberPrice:dec? active:bool?
    manufacturer:str? model:str? manufacturerWarranty:SkuWarrantyRequest? serviceProviderWarranty:SkuWarrantyRequest?
    assets:[SkuAssetRequest]? categories:[i64]? primaryVendor:SkuVendorRequest? otherVendors:[SkuVendorRequest]? account:str?
    costOfSaleAccount:str? assetAccount:str? intacctGlGroupAccount:str? crossSaleGroup:str? paysCommission:bool? bonus:dec?
    commissionBonus:dec? hours:dec? taxable:bool? cost:dec? unitOfMeasure:str? isInventory:bool?
    externalData:ExternalDataCreateRequest? isConfigurableEquipment:bool? variationEquipment:[i64]? budgetCostCode:str?
    budgetCostType:str? dimensions:DimensionsRequest?
EquipmentRecommendationRequest
    skuId!:i64 type!:EquipmentRecommendationType
DimensionsRequest
    height:dec? width:dec? depth:dec?
EquipmentUpdateRequest
    code:str displayName:str description:str price:dec memberPrice:dec addOnPrice:dec addOnMemberPrice:dec active:bool
    manufacturer:str model:str manufacturerWarranty:SkuWarrantyRequest serviceProviderWarranty:SkuWarrantyRequest
    assets:[SkuAssetRequest] recommendations:[EquipmentRecommendationRequest] upgrades:[i64] equipmentMaterials:[SkuLinkRequest]
    categories:[i64] primaryVendor:SkuVendorRequest otherVendors:[SkuVendorRequest] account:str costOfSaleAccount:str
    assetAccount:str intacctGlGroupAccount:str crossSaleGroup:str paysCommission:bool bonus:dec commissionBonus:dec hours:dec
    taxable:bool cost:dec unitOfMeasure:str isInventory:bool externalData:ExternalDataUpdateRequest? isConfigurableEquipment:bool
    variationEquipment:[i64] dimensions:DimensionsRequest budgetCostCode:str budgetCostType:str
DiscountAndFeesResponse
    id!:i64 type!:PriceModifierType code!:str displayName:str? description!:str amountType!:PriceModifierAmountType amount!:dec
    limit!:dec taxable!:bool categories:[i64]? hours!:dec assets:[SkuAssetResponse]? account:str? crossSaleGroup:str?
    active!:bool bonus!:dec commissionBonus!:dec paysCommission!:bool excludeFromPayroll!:bool externalData:[ExternalDataModel]?
    budgetCostCode:str? budgetCostType:str? createdOn!:dt modifiedOn!:dt
PriceModifierType
    = Discount Fee
PriceModifierAmountType
    = Percentage Fixed
"""
