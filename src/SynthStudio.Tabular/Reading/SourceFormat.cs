namespace SynthStudio.Tabular;

/// <summary>The formats tables are read from.</summary>
public enum SourceFormat
{
    /// <summary>Delimited text: CSV, TSV and their relatives.</summary>
    Delimited,

    /// <summary>One JSON array of objects, or one object a line.</summary>
    Json,
    Parquet,
}
