using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Takes the distinct texts of one column with their counts, and keeps what its profile needs in bounded memory.</summary>
internal sealed class ColumnCollector(string name, ColumnDeclaration? declared, ProfileOptions options)
{
    private readonly ColumnEvidence evidence = new(declared);

    private readonly PersonalDataDetector personal = new(name);
    private readonly TopTexts top = new(options.TopValues);
    private readonly ValueCounts numbers = new(options.QuantileValues);
    private long characters;
    private int leastCharacters = int.MaxValue;
    private int mostCharacters;

    /// <summary>Whether some text has white space around it, so that trimmed ones may come twice.</summary>
    public bool NeedsTrimming { get; private set; }

    public ColumnEvidence Evidence => evidence;

    public InferredColumn Infer() =>
        declared is null ? SchemaInference.Infer(name, evidence, personal.Findings()) : SchemaInference.Resolve(declared, evidence);

    /// <summary>Counts a distinct text in.</summary>
    public void Add(ReadOnlySpan<byte> raw, long rows)
    {
        var text = NullText.Trim(raw);
        NeedsTrimming |= text.Length != raw.Length;
        var number = evidence.Add(text, rows);
        if (evidence.IsMissing(text))
        {
            return;
        }

        if (number.Shape is NumberShape.Plain or NumberShape.Padded)
        {
            numbers.Add(number.Value, rows);
        }

        personal.Add(text, rows);
        Describe(text, rows);
    }

    /// <summary>Counts a text in that turned out to be a value; see <see cref="ColumnEvidence.TakeCode"/>. To be called when all texts were added.</summary>
    public void TakeCode()
    {
        if (evidence.TakeCode() is > 0 and var rows) Describe("NA"u8, rows);
    }

    private void Describe(ReadOnlySpan<byte> text, long rows)
    {
        top.Add(text, rows);
        var length = text.Length - CountContinuations(text);
        characters += length * rows;
        leastCharacters = Math.Min(leastCharacters, length);
        mostCharacters = Math.Max(mostCharacters, length);
    }

    /// <summary>The profile; <paramref name="moments"/> are the column's values when it holds dates, times, durations or ordered categories.</summary>
    public ColumnProfile Finish(InferredColumn inferred, ValueCounts? moments)
    {
        var schema = inferred.Schema;
        var findings = personal.Findings();
        var withheld = findings.Count > 0 || schema.Kind is ColumnKind.Text or ColumnKind.Identifier or ColumnKind.Ignored;
        var values = moments ?? numbers;
        return new ColumnProfile
        {
            Name = name,
            Kind = schema.Kind,
            Reason = inferred.Reason,
            DecimalPlaces = schema.DecimalPlaces,
            Format = schema.Format,
            Order = schema.Order,
            MissingMarkers = schema.MissingMarkers,
            Class = schema.Class,
            Missing = evidence.Missing + (schema.IsNumeric ? evidence.Unknown + evidence.Infinite : 0)
                + (schema.IsMoment ? evidence.Moments.Usual?.Spoiled ?? 0 : 0),
            Distinct = schema.IsNumeric ? values.Count : evidence.Distinct,
            PersonalData = findings,
            Sensitivity = SensitivityProposal.Of(name, schema.Kind, findings),
            ValuesWithheld = withheld,
            Numbers = schema.IsNumeric && !withheld ? values.Summarise(schema, options.HistogramBins) : null,
            Lengths = schema.IsNumeric || evidence.Present == 0
                ? null
                : new LengthSummary(leastCharacters, (double)characters / evidence.Present, mostCharacters),
            TopValues = withheld ? null : top.Values(),
        };
    }

    private static int CountContinuations(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
        {
            return 0;
        }

        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) == 0x80 ? 1 : 0;
        }

        return count;
    }
}
