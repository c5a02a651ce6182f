namespace SynthStudio.Catalog;

/// <summary>Under which name the catalog counts.</summary>
public static class CatalogTelemetry
{
    public const string Name = "SynthStudio.Catalog";
}
