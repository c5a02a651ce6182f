using System.Text.Json.Serialization;
using SynthStudio.Mock;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Names, addresses, e-mail addresses, card numbers and the like: invented ones, that agree with each other within a row. Kept of the source
/// is only how often a value is missing.
/// </summary>
/// <param name="schema">The column; its class says what to invent.</param>
/// <param name="locale">Language of names and places.</param>
/// <param name="presentCount">Training rows with a value.</param>
/// <param name="missingCount">Training rows without.</param>
[method: JsonConstructor]
public sealed class FakeCodec(ColumnSchema schema, string locale, long presentCount, long missingCount) : ColumnCodec(schema)
{
    public string Locale { get; } = locale;

    public long PresentCount { get; } = presentCount;

    public long MissingCount { get; } = missingCount;

    [JsonIgnore]
    public override ColumnLayout Layout { get; } = PresenceLayout.Create(presentCount, missingCount);

    protected override int MissingCell => PresenceLayout.MissingCell(Layout);

    /// <summary>The codec of a column that has a class; null when its class, as a key or in shapes of its own, is better made another way.</summary>
    public static FakeCodec? Fit(CodedColumn column)
    {
        if (column.Schema.Class is not { } about || about == ValueClass.Phone) return null;
        if (column.Schema.Kind == ColumnKind.Identifier && !FakeValues.CanBeUnique(about)) return null;
        var missing = column.Codes.LongCount(code => code == CodedColumn.Missing);
        return new FakeCodec(column.Schema, "en", column.Count - missing, missing);
    }

    public override ushort[] Encode(Column column) => PresenceLayout.Encode(column, Layout);

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var fakes = new FakeValues(Locale, seed, unique: Schema.Kind == ColumnKind.Identifier);
        var codes = new int[cells.Length];
        var values = new string[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            codes[i] = PresentCount == 0 || PresenceLayout.IsMissing(cells[i], Layout) ? CodedColumn.Missing : i;
            values[i] = fakes.Text(Schema.Class!.Value, firstRow + i);
        }

        return new CodedColumn(Schema, codes, values);
    }

    protected override Admission AdmitValues(IReadOnlyList<string> values) =>
        throw Impossible("its values are invented for every row and cannot be given.");
}
