using System.Runtime.InteropServices;
using System.Text.Json;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Bootstrap;

/// <summary>A table as package entries: numbers as 64-bit floats, texts as 32-bit codes with their dictionary.</summary>
internal static class StoredRows
{
    public static IReadOnlyDictionary<string, byte[]> Write(Table table)
    {
        var entries = new Dictionary<string, byte[]>();
        for (var c = 0; c < table.Columns.Count; c++)
        {
            if (table.Columns[c] is NumericColumn numeric)
            {
                entries[Numbers(c)] = MemoryMarshal.AsBytes(numeric.Values.AsSpan()).ToArray();
                continue;
            }

            var coded = (CodedColumn)table.Columns[c];
            entries[Codes(c)] = MemoryMarshal.AsBytes(coded.Codes.AsSpan()).ToArray();
            entries[Texts(c)] = JsonSerializer.SerializeToUtf8Bytes(coded.Values);
        }

        return entries;
    }

    /// <exception cref="SynthesisException">The entries are no table of this schema.</exception>
    public static Table Read(ModelPackage package, TableSchema schema)
    {
        try
        {
            var table = new Table(schema, [.. schema.Columns.Select((column, c) => Read(package, column, c))]);
            return table.RowCount > 0 ? table : throw new InvalidDataException("it has no rows");
        }
        catch (Exception error) when (error is ArgumentException or JsonException or InvalidDataException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The rows in the model package are damaged: {error.Message}", inner: error);
        }
    }

    private static Column Read(ModelPackage package, ColumnSchema schema, int c)
    {
        if (schema.IsNumeric) return new NumericColumn(schema, MemoryMarshal.Cast<byte, double>(package[Numbers(c)]).ToArray());
        var codes = MemoryMarshal.Cast<byte, int>(package[Codes(c)]).ToArray();
        var texts = JsonSerializer.Deserialize<string[]>(package[Texts(c)]) ?? [];
        return Array.TrueForAll(codes, code => code >= CodedColumn.Missing && code < texts.Length)
            ? new CodedColumn(schema, codes, texts)
            : throw new InvalidDataException($"column '{schema.Name}' has codes without a text");
    }

    private static string Numbers(int column) => FormattableString.Invariant($"rows/{column}.numbers");

    private static string Codes(int column) => FormattableString.Invariant($"rows/{column}.codes");

    private static string Texts(int column) => FormattableString.Invariant($"rows/{column}.texts.json");
}
