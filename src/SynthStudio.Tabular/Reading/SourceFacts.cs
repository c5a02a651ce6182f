namespace SynthStudio.Tabular;

/// <summary>What a file was found to be.</summary>
/// <param name="Format">The format of its content.</param>
/// <param name="Compression"><c>gzip</c>, <c>zstd</c>, or null.</param>
/// <param name="Encoding">The IANA name of its text's encoding; null for Parquet.</param>
/// <param name="Delimiter">The delimiter of delimited text, else null.</param>
/// <param name="Bytes">Size of the file as it is.</param>
/// <param name="ExpandedBytes">Size without compression.</param>
public sealed record SourceFacts(
    SourceFormat Format,
    string? Compression,
    string? Encoding,
    char? Delimiter,
    long Bytes,
    long ExpandedBytes);
