using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Short texts of a few shapes, such as phone numbers, postal codes and plates: new ones of the same shapes, in their shares. A shape is where
/// digits, upper-case and lower-case letters stand, and what stands between them. Kept are shapes that enough different texts share.
/// </summary>
/// <param name="schema">The column.</param>
/// <param name="shapes">The shapes, the commonest first.</param>
/// <param name="presentCount">Training rows with a text.</param>
/// <param name="missingCount">Training rows without.</param>
[method: JsonConstructor]
public sealed class ShapeCodec(ColumnSchema schema, TextShape[] shapes, long presentCount, long missingCount) : ColumnCodec(schema)
{
    private const int LongestText = 40, MostShapes = 200;

    /// <summary>Of a text that is asked for; those of others are in proportion.</summary>
    private const long LargestCount = 1L << 50;

    /// <summary>The shapes must cover this share of the rows: else the texts have no shape.</summary>
    private const double LeastCovered = 0.8;

    /// <summary>Fewer possible texts than this for each one seen would give too many of them back.</summary>
    private const double LeastFreedom = 10;

    /// <summary>The same of rare categories: codes may be dense, and one that is drawn by chance tells nothing of who has it.</summary>
    private const double LeastFreedomOfRare = 2;

    public TextShape[] Shapes { get; } = shapes;

    public long PresentCount { get; } = presentCount;

    public long MissingCount { get; } = missingCount;

    [JsonIgnore]
    public override ColumnLayout Layout { get; } = PresenceLayout.Create(presentCount, missingCount);

    protected override int MissingCell => PresenceLayout.MissingCell(Layout);

    /// <summary>Learns the shapes; null when the texts have none, or would often be given back as they were.</summary>
    public static ShapeCodec? Fit(CodedColumn column, int threshold) => Fit(column, threshold, ofRare: false);

    /// <summary>
    /// Learns the shapes of categories too rare to be kept: dense codes get alphabets as wide as their class, shapes
    /// without room are left out.
    /// </summary>
    /// <param name="column">Rows with such a category only.</param>
    /// <param name="threshold">So many texts must share a shape, or a character, for it to be kept as such.</param>
    public static ShapeCodec? FitRare(CodedColumn column, int threshold) => Fit(column, threshold, ofRare: true);

    private static ShapeCodec? Fit(CodedColumn column, int threshold, bool ofRare)
    {
        var rows = new long[column.Values.Length];
        long missing = 0;
        foreach (var code in column.Codes)
        {
            if (code == CodedColumn.Missing) missing++;
            else rows[code]++;
        }

        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var code = 0; code < rows.Length; code++)
        {
            if (rows[code] == 0 || Shape(column.Values[code]) is not { } shape) continue;
            if (groups.TryGetValue(shape, out var members)) members.Add(code);
            else groups.Add(shape, [code]);
        }

        var kept = groups.Values.Where(members => members.Count >= Math.Max(threshold, 2))
            .Select(members => (Members: members, Rows: members.Sum(code => rows[code])))
            .OrderByDescending(group => group.Rows).Take(MostShapes)
            .Select(group => (group.Members, Shape: ShapeOf([.. group.Members.Select(code => column.Values[code])], group.Rows, threshold, ofRare)))
            .Where(group => !ofRare || group.Shape.Texts >= LeastFreedomOfRare * group.Members.Count)
            .ToList();
        var covered = kept.Sum(group => group.Shape.Count);
        return covered < LeastCovered * (column.Count - missing)
            || covered == 0 || !ofRare && kept.Exists(group => group.Shape.Texts < LeastFreedom * group.Members.Count)
            ? null
            : new ShapeCodec(column.Schema, [.. kept.Select(group => group.Shape)], column.Count - missing, missing);
    }

    private static TextShape ShapeOf(string[] texts, long rows, int threshold, bool ofRare)
    {
        var shape = new TextShape(PositionAlphabets.Of(texts, threshold), rows);
        return ofRare && shape.Texts < LeastFreedom * texts.Length ? new TextShape(PositionAlphabets.Of(texts, threshold, wide: true), rows) : shape;
    }

    public override ushort[] Encode(Column column) => PresenceLayout.Encode(column, Layout);

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var codes = new int[cells.Length];
        var values = new string[cells.Length];
        var total = Shapes.Sum(shape => shape.Count);
        var seedOfColumn = ColumnSeed.Of(seed, Schema.Name);
        for (var i = 0; i < cells.Length; i++)
        {
            codes[i] = PresenceLayout.IsMissing(cells[i], Layout) ? CodedColumn.Missing : i;
            var own = new SeededStream(seedOfColumn, StreamPurpose.GeneratedTexts, firstRow + i);
            var left = own.NextDouble() * total;
            var s = 0;
            while (s < Shapes.Length - 1 && left >= Shapes[s].Count) left -= Shapes[s++].Count;
            values[i] = string.Concat(Shapes[s].Alphabets.Select(alphabet => alphabet[own.NextInt(alphabet.Length)]));
        }

        return new CodedColumn(Schema, codes, values);
    }

    /// <summary>Texts that could have been made up, each a shape of its own that has no other text.</summary>
    protected override Admission AdmitValues(IReadOnlyList<string> values)
    {
        var total = (double)Shapes.Sum(shape => shape.Count);
        var texts = values.Distinct(StringComparer.Ordinal)
            .Select(text => (Text: text, Mass: Shapes.Where(shape => shape.Has(text)).Sum(shape => shape.Count / shape.Texts) / total))
            .ToList();
        if (PresentCount == 0 || texts.Exists(text => text.Mass <= 0)) throw Impossible("its texts are made up, and a text asked for has none of their shapes.");
        var most = texts.Max(text => text.Mass);
        var alone = texts.Select(text =>
            new TextShape([.. text.Text.Select(c => c.ToString())], Math.Max(1, (long)(text.Mass / most * LargestCount))));
        var shares = new double[Layout.Cells];
        shares[0] = Math.Min(texts.Sum(text => text.Mass), 1);
        return new Admission(shares, new ShapeCodec(Schema, [.. alone], PresentCount, MissingCount));
    }

    /// <summary>Null for texts that are too long, or hold letters without case or digits beyond ASCII.</summary>
    private static string? Shape(string text)
    {
        if (text.Length is 0 or > LongestText) return null;
        Span<char> shape = stackalloc char[text.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c)) shape[i] = '9';
            else if (char.IsAsciiLetterUpper(c)) shape[i] = 'A';
            else if (char.IsAsciiLetterLower(c)) shape[i] = 'a';
            else if (char.IsLetterOrDigit(c) || char.IsSurrogate(c)) return null;
            else shape[i] = c;
        }

        return new string(shape);
    }
}

/// <summary>A shape of texts.</summary>
/// <param name="Alphabets">Characters by position, in order; a single one is fixed.</param>
/// <param name="Count">Training rows of this shape.</param>
public sealed record TextShape(string[] Alphabets, long Count)
{
    /// <summary>How many texts have this shape.</summary>
    [JsonIgnore]
    public double Texts => PositionAlphabets.Capacity(Alphabets);

    /// <summary>Whether a text has this shape.</summary>
    public bool Has(string text) =>
        text.Length == Alphabets.Length && text.Zip(Alphabets).All(place => place.Second.Contains(place.First, StringComparison.Ordinal));
}
