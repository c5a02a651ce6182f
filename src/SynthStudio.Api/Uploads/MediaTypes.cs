namespace SynthStudio.Api.Uploads;

/// <summary>Media types of uploaded files, by the ends of their names.</summary>
internal static class MediaTypes
{
    public const string Csv = "text/csv";
    public const string Html = "text/html";
    public const string Json = "application/json";
    public const string Markdown = "text/markdown";
    public const string Binary = "application/octet-stream";

    public static string Of(string fileName) => Path.GetExtension(fileName).ToLowerInvariant() switch
    {
        ".csv" => Csv,
        ".tsv" => "text/tab-separated-values",
        ".json" => Json,
        ".ndjson" or ".jsonl" => "application/x-ndjson",
        ".parquet" => "application/vnd.apache.parquet",
        ".gz" => "application/gzip",
        ".zst" => "application/zstd",
        _ => Binary,
    };
}
