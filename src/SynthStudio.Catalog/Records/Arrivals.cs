namespace SynthStudio.Catalog;

/// <summary>Where bytes come from that no job of a project made.</summary>
public enum ArrivalSource
{
    /// <summary>A table that was sent.</summary>
    Upload,

    /// <summary>A table that a transfer fetched from a database or bucket.</summary>
    Import,

    /// <summary>A model that was made elsewhere.</summary>
    Package,

    /// <summary>The files of a pack of evidence.</summary>
    EvidencePack,
}

/// <summary>What came to a project in a time from somewhere.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Source">Where from.</param>
/// <param name="Count">How many.</param>
/// <param name="Bytes">How many bytes, in all.</param>
public sealed record Arrivals(string Project, ArrivalSource Source, long Count, long Bytes);
