using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Turns the distinct texts of a column into numbers, moments or trimmed values, and its codes with them.</summary>
/// <param name="texts">The distinct texts.</param>
/// <param name="codes">By row, which it is.</param>
/// <param name="meaning">How texts are read.</param>
/// <param name="invalidIsMissing">Whether texts that cannot be read are missing, not refused.</param>
/// <param name="firstRow">Number of the first row in the file, from 0.</param>
/// <param name="unsampled">Texts that are in none of these rows but elsewhere in the file, and the row there, from 0.</param>
/// <param name="listed">The categories there are; all others are <see cref="ColumnDomain.Other"/>. Null where others may be.</param>
internal sealed class ColumnTranslator(
    TextDictionary texts, int[] codes, ColumnSchema meaning, bool invalidIsMissing, long firstRow,
    IReadOnlyDictionary<int, long> unsampled, HashSet<string>? listed)
{
    private readonly HashSet<int> invalid = [];
    private readonly MissingTexts missing = MissingTexts.Of(meaning);

    /// <summary>The column as doubles.</summary>
    /// <param name="schema">What the column is to be.</param>
    /// <param name="isIso">Whether dates, times and moments may be in any spelling of ISO 8601.</param>
    public NumericColumn Numbers(ColumnSchema schema, bool isIso = false)
    {
        var read = meaning.Kind is ColumnKind.Integer or ColumnKind.Decimal
            ? NumberReader()
            : isIso && meaning.IsMoment ? IsoReader() : Spellings.Of(meaning).TryRead;
        var zoned = meaning.Kind == ColumnKind.DateTime && MomentFormats.Of(meaning) is { HasOffset: true } format ? format : null;
        var numbers = new double[texts.Count];
        var offsets = new short[zoned is null ? 0 : numbers.Length];
        for (var code = 0; code < numbers.Length; code++)
        {
            var text = NullText.Trim(texts.Bytes(code));
            if (missing.IsNull(text) || missing.IsUnknown(text))
            {
                numbers[code] = double.NaN;
            }
            else if (!read(text, out numbers[code]))
            {
                Refuse(code);
                numbers[code] = double.NaN;
            }
            else if (zoned is not null && zoned.TryRead(text, out _, out var minutes))
            {
                offsets[code] = (short)minutes;
            }
        }

        var invalidCells = InvalidCells();
        var values = new double[codes.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = codes[row] < 0 ? double.NaN : numbers[codes[row]];
        }

        return new NumericColumn(schema, values)
        {
            InvalidCells = invalidCells, Offsets = Array.Exists(offsets, minutes => minutes != 0) ? Zoned(offsets) : null,
        };
    }

    /// <summary>The column as codes; texts that differ only in white space around them become one. Takes the codes over.</summary>
    /// <param name="schema">What the column is to be.</param>
    /// <param name="expected">Values that are there whether or not they occur; null for none.</param>
    public CodedColumn Codes(ColumnSchema schema, IReadOnlyList<string>? expected = null)
    {
        List<string> values = [.. expected ?? []];
        var known = values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
        var translated = new int[texts.Count];
        for (var code = 0; code < translated.Length; code++)
        {
            var bytes = NullText.Trim(texts.Bytes(code));
            if (missing.IsNull(bytes))
            {
                translated[code] = CodedColumn.Missing;
                continue;
            }

            var text = Encoding.UTF8.GetString(bytes);
            if (listed?.Contains(text) == false) text = ColumnDomain.Other;
            if (!known.TryGetValue(text, out var value))
            {
                if (meaning.Kind == ColumnKind.Boolean && values.Count == 2)
                {
                    Refuse(code);
                    translated[code] = CodedColumn.Missing;
                    continue;
                }

                if (unsampled.ContainsKey(code))
                {
                    continue;
                }

                value = values.Count;
                known.Add(text, value);
                values.Add(text);
            }

            translated[code] = value;
        }

        var invalidCells = InvalidCells();
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = codes[row] < 0 ? CodedColumn.Missing : translated[codes[row]];
        }

        return new CodedColumn(schema, codes, [.. values]) { InvalidCells = invalidCells };
    }

    private short[] Zoned(short[] offsets) => Array.ConvertAll(codes, code => code < 0 ? (short)0 : offsets[code]);

    private delegate bool TryRead(ReadOnlySpan<byte> text, out double value);

    private TryRead NumberReader()
    {
        var whole = meaning.Kind == ColumnKind.Integer;
        var money = MoneyFormat.Of(meaning.Format);
        return (ReadOnlySpan<byte> text, out double value) =>
        {
            var number = DeclaredNumber.Read(text, money);
            value = number.Value;
            return number.Shape == NumberShape.Infinite || (number.Shape != NumberShape.None && (!whole || value == Math.Floor(value)));
        };
    }

    private TryRead IsoReader()
    {
        var spelling = Spellings.Of(meaning);
        return (ReadOnlySpan<byte> text, out double value) => spelling.TryRead(text, out value) || IsoMoments.TryRead(text, meaning, out value);
    }

    private int InvalidCells() => invalid.Count == 0 ? 0 : codes.Count(invalid.Contains);

    private void Refuse(int code)
    {
        if (invalidIsMissing)
        {
            invalid.Add(code);
            return;
        }

        var row = unsampled.TryGetValue(code, out var elsewhere) ? elsewhere + 1 : firstRow + Array.IndexOf(codes, code) + 1;
        var expected = meaning.Kind switch
        {
            ColumnKind.Integer => "a whole number",
            ColumnKind.Decimal => "a number",
            ColumnKind.Boolean => "one of the two values before it",
            ColumnKind.Ordinal => $"in the declared order ({meaning.Order})",
            _ => $"written as {meaning.Format ?? "ISO 8601"}",
        };
        throw new TableException(
            TableError.InvalidValue,
            $"Column '{meaning.Name}', row {row}: the value is not {expected}. Correct it, or declare another kind in the schema.",
            meaning.Name,
            row);
    }
}
