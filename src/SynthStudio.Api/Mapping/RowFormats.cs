using SynthStudio.Api.Errors;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Mapping;

/// <summary>Formats of rows, from and to the wire.</summary>
internal static class RowFormats
{
    /// <summary>The format that a request names.</summary>
    /// <param name="wanted">What it says.</param>
    /// <param name="textColumns">The columns that it wants as texts, which CSV has nothing but.</param>
    /// <param name="message">Path of the message that holds both; empty for the request itself.</param>
    /// <param name="defuses">Whether it wants formulas of spreadsheets defused, which only CSV has.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: there is no such format, or it does not go with the rest.</exception>
    public static RowFormat Read(V1.RowFormat wanted, IReadOnlyCollection<string> textColumns, string message, bool defuses = false)
    {
        var format = wanted switch
        {
            V1.RowFormat.Unspecified or V1.RowFormat.Csv => RowFormat.Csv,
            V1.RowFormat.Parquet => RowFormat.Parquet,
            V1.RowFormat.JsonLines => RowFormat.JsonLines,
            _ => throw ApiErrors.InvalidField(Field("format"), "must be CSV, Parquet or JSON lines."),
        };
        if (defuses && format != RowFormat.Csv) throw ApiErrors.InvalidField(Field("defuse_formulas"), "is for CSV: cells of other formats are not run as formulas.");
        return format == RowFormat.Csv && textColumns.Count > 0
            ? throw ApiErrors.InvalidField(Field("text_columns"), "is for Parquet and JSON lines: in CSV all cells are texts.")
            : format;

        string Field(string name) => message.Length == 0 ? name : $"{message}.{name}";
    }

    public static V1.RowFormat ToProto(this RowFormat format) => format switch
    {
        RowFormat.Parquet => V1.RowFormat.Parquet,
        RowFormat.JsonLines => V1.RowFormat.JsonLines,
        _ => V1.RowFormat.Csv,
    };
}
