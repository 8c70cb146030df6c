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
"""
