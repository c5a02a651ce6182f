using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SynthStudio.Api.Formats;

/// <summary>Writes rows as JSON objects, one a line: numbers as they are spelled, booleans, missing cells as null, all else as texts.</summary>
internal static class JsonLinesWriter
{
    private const int PieceBytes = 1 << 18;

    /// <summary>Writes all rows that are left.</summary>
    /// <param name="rows">The rows, behind their header.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="target">Where to.</param>
    /// <param name="tell">Told of rows that were written.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ValueNotOfTypeException">A cell is none of its column's type.</exception>
    public static async Task WriteAsync(
        CsvRows rows, IReadOnlyList<TypedColumn> columns, Stream target, Action<long> tell, CancellationToken cancellation)
    {
        var (names, piece, written) = (
            columns.Select(column => JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).ToArray(),
            new ArrayBufferWriter<byte>(PieceBytes * 2), 0L);
        await using var json = new Utf8JsonWriter(
            piece, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        while (await rows.ReadAsync(cancellation))
        {
            WriteRow(rows, columns, names, json);
            piece.GetSpan(1)[0] = (byte)'\n';
            piece.Advance(1);
            written++;
            if (piece.WrittenCount < PieceBytes) continue;
            await target.WriteAsync(piece.WrittenMemory, cancellation);
            tell(written);
            piece.ResetWrittenCount();
            written = 0;
        }

        await target.WriteAsync(piece.WrittenMemory, cancellation);
        tell(written);
    }

    private static void WriteRow(CsvRows rows, IReadOnlyList<TypedColumn> columns, JsonEncodedText[] names, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            json.WritePropertyName(names[i]);
            if (rows.IsMissing(i)) json.WriteNullValue();
            else Write(rows[i], columns[i], json);
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }

    private static void Write(ReadOnlySpan<byte> cell, TypedColumn column, Utf8JsonWriter json)
    {
        switch (column.Type)
        {
            case ColumnType.Integer or ColumnType.Decimal or ColumnType.Double when CellValues.IsJsonNumber(cell):
                json.WriteRawValue(cell, skipInputValidation: true);
                break;
            case ColumnType.Integer or ColumnType.Decimal or ColumnType.Double when CellValues.TryNumber(cell, out var number) && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case ColumnType.Boolean when CellValues.TryBoolean(cell, out var isTrue):
                json.WriteBooleanValue(isTrue);
                break;
            case ColumnType.Integer or ColumnType.Decimal or ColumnType.Double or ColumnType.Boolean:
                throw new ValueNotOfTypeException(column.Name, column.Type);
            default:
                json.WriteStringValue(cell);
                break;
        }
    }
}
