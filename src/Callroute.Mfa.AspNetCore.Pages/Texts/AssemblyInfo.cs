using Microsoft.Extensions.Localization;

// The texts lie in this folder, whatever folder the application names for its own.
[assembly: ResourceLocation("Texts")]
