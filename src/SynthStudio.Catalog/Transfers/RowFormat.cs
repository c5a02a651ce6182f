namespace SynthStudio.Catalog.Transfers;

/// <summary>How rows are written into a file.</summary>
public enum RowFormat
{
    /// <summary>RFC 4180 with a header, commas and UTF-8.</summary>
    Csv,

    /// <summary>Apache Parquet, columns with types.</summary>
    Parquet,

    /// <summary>A JSON object a line (NDJSON), keys in the order of the columns.</summary>
    JsonLines,
}
