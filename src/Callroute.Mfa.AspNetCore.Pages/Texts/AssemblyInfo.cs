using Microsoft.Extensions.Localization;

// The resource files are in this folder. The ResourcesPath of the application must not change that.
[assembly: ResourceLocation("Texts")]
