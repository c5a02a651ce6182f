using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Categories and booleans: one cell a kept category, then one for all rare ones, then one for missing values. Where many rows have a rare category,
/// that cell is as likely to be drawn as it was, and becomes an invented text; where few have, it is learned and never drawn. The categories of a column
/// that has very many share that cell, too, but for the most frequent ones; they come out as they are.
/// </summary>
/// <param name="schema">The column.</param>
/// <param name="categories">Kept categories, most frequent first.</param>
/// <param name="counts">Training rows of each.</param>
/// <param name="rareCount">Training rows with a category that has no cell of its own.</param>
/// <param name="missingCount">Training rows without a value.</param>
/// <param name="rare">Invents texts in the place of rare categories; null where they are not drawn.</param>
/// <param name="further">Frequent ones in the cell of the rare ones; null where all that are frequent have cells.</param>
[method: JsonConstructor]
public sealed class CategoryCodec(
    ColumnSchema schema, string[] categories, long[] counts, long rareCount, long missingCount, ColumnCodec? rare = null, FurtherCategories? further = null)
    : ColumnCodec(schema)
{
    /// <summary>More categories than this share a cell: the network's size must not follow a column's cardinality.</summary>
    public const int MaxCategories = 2_000;

    /// <summary>More than this in that cell count as rare: a package must not follow it either.</summary>
    private const int MaxFurther = 100_000;

    /// <summary>Rare categories with at least this share of the values are drawn; below, nobody misses them, and a made-up one would stand out.</summary>
    private const double LeastRareShare = 0.05;

    /// <summary>Fewer rows than this tell too little of what their texts look like.</summary>
    private const int FewestRareRows = 20;

    /// <summary>An invented text that is one of the kept categories is made anew, so often at most.</summary>
    private const int Attempts = 8;

    private ColumnLayout? layout;
    private Dictionary<string, ushort>? cellByText;

    public string[] Categories { get; } = categories;

    public long[] Counts { get; } = counts;

    public long RareCount { get; } = rareCount;

    public long MissingCount { get; } = missingCount;

    /// <summary>Invents texts in the place of rare categories; null where they are not drawn.</summary>
    public ColumnCodec? Rare { get; } = rare;

    /// <summary>Frequent categories in the cell of the rare ones; null where all that are frequent have cells, and in packages older than it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FurtherCategories? Further { get; } = further;

    /// <summary>
    /// The same cells for real rows, in which an invented text has no place: the cell of the rare ones holds the frequent ones in it only, and
    /// is not drawn where there are none.
    /// </summary>
    [JsonIgnore]
    public CategoryCodec WithoutInvented =>
        Rare is null ? this : new CategoryCodec(Schema, Categories, Counts, RareCount, MissingCount, rare: null, Further);

    [JsonIgnore]
    public override ColumnLayout Layout => layout ??= CreateLayout();

    /// <summary>The cell of all categories without one of their own; -1 when there are none.</summary>
    [JsonIgnore]
    public int RareCell => RareCount > 0 ? Categories.Length : -1;

    protected override int MissingCell => MissingCount > 0 ? Categories.Length + (RareCount > 0 ? 1 : 0) : -1;

    private bool DrawsRare => Rare is not null || Further is not null;

    private Dictionary<string, ushort> CellByText =>
        cellByText ??= Categories.Select((text, i) => (text, i)).ToDictionary(c => c.text, c => (ushort)c.i, StringComparer.Ordinal);

    /// <summary>Learns the categories; null when no category is frequent enough to be kept.</summary>
    /// <param name="column">The column.</param>
    /// <param name="threshold">Rows of a category that is no secret.</param>
    /// <param name="isListed">Whether the schema lists which categories there are: then none is a secret.</param>
    public static CategoryCodec? Fit(CodedColumn column, int threshold, bool isListed = false)
    {
        var counts = new long[column.Values.Length];
        long missing = 0;
        foreach (var code in column.Codes)
        {
            if (code == CodedColumn.Missing) missing++;
            else counts[code]++;
        }

        // The two values of a boolean are no secret either, however rare.
        var least = isListed || column.Schema.Kind == ColumnKind.Boolean ? 1 : threshold;
        var frequent = Enumerable.Range(0, counts.Length)
            .Where(code => counts[code] >= least)
            .OrderByDescending(code => counts[code]).ThenBy(code => column.Values[code], StringComparer.Ordinal)
            .Take(MaxCategories + MaxFurther)
            .ToArray();
        if (frequent.Length == 0 && missing < column.Count) return null;
        string[] texts = Array.ConvertAll(frequent, code => column.Values[code]);
        long[] rows = Array.ConvertAll(frequent, code => counts[code]);
        var kept = Math.Min(frequent.Length, MaxCategories);
        return new CategoryCodec(
            column.Schema, texts[..kept], rows[..kept], column.Count - missing - rows[..kept].Sum(), missing,
            FitRare(column, [.. frequent], missing, threshold), frequent.Length > kept ? new FurtherCategories(texts[kept..], rows[kept..]) : null);
    }

    /// <summary>What invents texts of the rows whose category is not frequent; null when they are few, or no texts that could be invented.</summary>
    private static ColumnCodec? FitRare(CodedColumn column, HashSet<int> kept, long missing, int threshold)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count)
            .Where(row => column.Codes[row] != CodedColumn.Missing && !kept.Contains(column.Codes[row]))];
        if (rows.Length < FewestRareRows || rows.Length < LeastRareShare * (column.Count - missing)) return null;
        var rare = column.Take(rows);
        return rows.Any(row => column.Values[column.Codes[row]].Any(char.IsControl))
            ? null
            : (ColumnCodec?)ShapeCodec.FitRare(rare, threshold) ?? TextCodec.Fit(rare, threshold);
    }

    public override ushort[] Encode(Column column)
    {
        var coded = (CodedColumn)column;
        // Only texts not seen when learning, or not declared, can lack a cell; they then stand for a category that says so, for missing, or for the
        // first category.
        var other = RareCell >= 0 ? RareCell : CellByText.TryGetValue(ColumnDomain.Other, out var declared) ? declared : Math.Max(MissingCell, 0);
        var cellByCode = Array.ConvertAll(coded.Values, text => CellByText.TryGetValue(text, out var cell) ? cell : (ushort)other);
        var missing = (ushort)Math.Max(MissingCell, 0);
        return Array.ConvertAll(coded.Codes, code => code == CodedColumn.Missing ? missing : cellByCode[code]);
    }

    public override ushort[] EncodeKnown(Column column, ushort unknown)
    {
        var cells = base.EncodeKnown(column, unknown);
        if (RareCell >= 0) return cells;
        var coded = (CodedColumn)column;
        var known = Array.ConvertAll(coded.Values, CellByText.ContainsKey);
        for (var row = 0; row < cells.Length; row++)
        {
            if (coded.Codes[row] is not CodedColumn.Missing and var code && !known[code]) cells[row] = unknown;
        }

        return cells;
    }

    public override Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed)
    {
        var codes = new int[cells.Length];
        var invented = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = cells[i] < Categories.Length ? cells[i] : CodedColumn.Missing;
            if (!DrawsRare || cells[i] != RareCell) continue;
            var text = Shown(firstRow + i, seed) ?? Invent(random, firstRow + i, seed);
            if (CellByText.TryGetValue(text, out var kept)) codes[i] = kept;
            else if (!invented.TryGetValue(text, out codes[i])) invented.Add(text, codes[i] = Categories.Length + invented.Count);
        }

        return new CodedColumn(Schema, codes, [.. Categories, .. invented.OrderBy(text => text.Value).Select(text => text.Key)]);
    }

    /// <summary>The category of one row in the cell of the rare ones, when it is a frequent one; null when it is to be invented.</summary>
    private string? Shown(long row, long seed)
    {
        if (Further is null) return null;
        var place = new SeededStream(ColumnSeed.Of(seed, $"further {Schema.Name}"), StreamPurpose.GeneratedTexts, row).NextDouble() * (Rare is null ? Further.Rows : RareCount);
        return Rare is null || place < Further.Rows ? Further.At(place) : null;
    }

    /// <summary>A text for one row; its codec knows the column's name, so that columns with the same shapes get different ones.</summary>
    private string Invent(SeededStream random, long row, long seed)
    {
        var text = "";
        for (var attempt = 0; attempt < Attempts && (attempt == 0 || CellByText.ContainsKey(text)); attempt++)
            text = ((CodedColumn)Rare!.Decode([0], random, row, unchecked(seed + (attempt << 20)))).Text(0)!;
        return text;
    }

    protected override Admission AdmitValues(IReadOnlyList<string> values)
    {
        var shares = new double[Layout.Cells];
        var further = new List<string>();
        foreach (var value in values)
        {
            if (CellByText.TryGetValue(value, out var cell)) shares[cell] = 1;
            else further.Add(value);
        }

        if (further.Count == 0) return new Admission(shares, this);
        var asked = Further?.Only(further) ?? throw Impossible("a value asked for is not among the categories that the model knows (rare ones are protected).");
        shares[RareCell] = asked.Rows / RareCount;
        return new Admission(shares, new CategoryCodec(Schema, Categories, Counts, RareCount, MissingCount, rare: null, asked));
    }

    protected override Admission AdmitLike(string? drawn)
    {
        if (drawn is null || Rare is null || CellByText.ContainsKey(drawn) || Further?.Only([drawn]) is not null) return base.AdmitLike(drawn);
        var shares = new double[Layout.Cells];
        shares[RareCell] = 1;
        return new Admission(shares, this);
    }

    private ColumnLayout CreateLayout()
    {
        var counts = Counts.ToList();
        if (RareCount > 0) counts.Add(RareCount);
        if (MissingCount > 0) counts.Add(MissingCount);
        var cells = counts.Count;
        return new ColumnLayout
        {
            Coarse = Enumerable.Range(0, cells).ToArray(),
            Fine = Enumerable.Repeat(-1, cells).ToArray(),
            CoarseCount = cells,
            FineCount = 0,
            Features = [],
            FeatureCount = 0,
            Drawable = Enumerable.Range(0, cells).Select(cell => cell != RareCell || DrawsRare).ToArray(),
            Counts = counts.ToArray(),
        };
    }
}
