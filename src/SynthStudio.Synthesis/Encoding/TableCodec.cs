using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>The codecs of a table's columns, ignored ones left out.</summary>
public sealed class TableCodec
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    [JsonConstructor]
    public TableCodec(TableSchema schema, IReadOnlyList<ColumnCodec> columns)
    {
        Schema = schema;
        Columns = columns;
        Modelled = [.. Enumerable.Range(0, columns.Count).Where(c => columns[c].Layout.Cells > 1)];
    }

    /// <summary>Schema of the rows that come out.</summary>
    public TableSchema Schema { get; }

    public IReadOnlyList<ColumnCodec> Columns { get; }

    /// <summary>Indices of the columns in which anything varies: those a model learns.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Modelled { get; }

    /// <summary>Learns how to encode <paramref name="table"/>.</summary>
    /// <param name="table">At least one row.</param>
    /// <param name="seed">Of the protection thresholds.</param>
    /// <param name="protectRare">False keeps rare categories and extreme values as they are.</param>
    public static TableCodec Fit(Table table, long seed, bool protectRare) =>
        Fit(table, seed, protectRare, new KeyRows(table, null, null, CancellationToken.None));

    /// <summary>Learns how to encode the table of a training.</summary>
    /// <param name="table">At least one row.</param>
    /// <param name="request">Of the training.</param>
    /// <param name="protectRare">False keeps rare categories and extreme values as they are.</param>
    /// <param name="cancellation">Stops the reading of keys.</param>
    internal static TableCodec Fit(Table table, FitRequest request, bool protectRare, CancellationToken cancellation) =>
        Fit(table, request.Seed, protectRare, KeyRows.Of(table, request, cancellation));

    private static TableCodec Fit(Table table, long seed, bool protectRare, KeyRows keyRows)
    {
        var columns = new List<ColumnCodec?>();
        var keys = new Dictionary<int, KeyFit>();
        var thresholds = new Dictionary<string, int>(StringComparer.Ordinal);
        var persons = FakeCodec.Persons(table.Schema.Columns);
        for (var c = 0; c < table.Columns.Count; c++)
        {
            var column = table.Columns[c];
            if (column.Schema.Kind == ColumnKind.Ignored) continue;
            var threshold = thresholds[column.Name] = RareThreshold.Draw(new SeededStream(seed, StreamPurpose.Codec, c), protectRare);
            columns.Add((column, column.Schema.Kind) switch
            {
                (NumericColumn numeric, _) => NumericCodec.Fit(numeric, threshold),
                (CodedColumn fake, _) when persons.TryGetValue(fake.Name, out var person) => FakeCodec.Fit(fake, person),
                (CodedColumn key, ColumnKind.Identifier) => Key(key, threshold),
                (CodedColumn text, ColumnKind.Text) => Words(text, threshold),
                (CodedColumn coded, _) => CategoryCodec.Fit(coded, threshold, IsListed(coded.Name)) ?? Words(coded, threshold),
                _ => throw new ArgumentException($"Column '{column.Name}' is neither numeric nor coded.", nameof(table)),
            });
        }

        var fakes = FakeFit.Of(table, [.. columns.OfType<FakeCodec>()], thresholds, keyRows);
        keyRows.Meet([.. keys.Values, .. fakes]);
        var fitted = KeyLinks.Of(
            [.. columns.Select((codec, place) =>
                codec is FakeCodec fake ? fakes.Aggregate(fake, (repeated, fit) => fit.Finish(repeated)) : codec ?? keys[place].Finish())],
            table);
        var kept = Array.ConvertAll(fitted, codec => codec.Schema);
        var target = Array.Exists(kept, column => column.Name == table.Schema.Target);
        return new TableCodec(
            table.Schema with { Columns = kept, Target = target ? table.Schema.Target : null, Task = target ? table.Schema.Task : null }, fitted);

        bool IsListed(string column) => table.Schema.ColumnRules.Any(rule => rule is FixedCombinationsConstraint && rule.Columns[0] == column);

        ColumnCodec? Key(CodedColumn column, int threshold)
        {
            keys.Add(columns.Count, KeyFit.Of(column, threshold, keyRows.MayRepeat(column.Name)));
            return null; // Finished when all keys are met.
        }
    }

    /// <summary>The same codec, whose fresh keys keep clear of the keys of further rows, too.</summary>
    internal TableCodec KeepingClearOf(KeyRows keyRows)
    {
        var keys = Columns.OfType<IdentifierCodec>()
            .ToDictionary(codec => codec.Schema.Name, codec => KeyFit.From(codec, keyRows.MayRepeat(codec.Schema.Name)), StringComparer.Ordinal);
        keyRows.Meet([.. keys.Values]);
        var fakes = Columns.OfType<FakeCodec>().ToList();
        return new TableCodec(Schema, [.. Columns.Select(codec => codec switch
        {
            IdentifierCodec key => keys[key.Schema.Name].Finish(),
            FakeCodec { Repeats: not null } fake when !FakeFit.MayRepeat(fake, fakes, keyRows) => fake.WithRepeats(null),
            _ => codec,
        })]);
    }

    private static ColumnCodec Words(CodedColumn text, int threshold) => (ColumnCodec?)ShapeCodec.Fit(text, threshold) ?? TextCodec.Fit(text, threshold);

    /// <summary>Index of the column called <paramref name="name"/>.</summary>
    /// <exception cref="SynthesisException">There is none.</exception>
    public int IndexOf(string name)
    {
        for (var c = 0; c < Columns.Count; c++)
        {
            if (Columns[c].Schema.Name == name) return c;
        }

        throw new SynthesisException(SynthesisError.UnknownColumn, $"The model has no column '{name}'.", name);
    }

    /// <summary>Place of the column called <paramref name="name"/> among the modelled ones; -1 when it is not one.</summary>
    public int ModelledIndexOf(string name)
    {
        for (var i = 0; i < Modelled.Count; i++)
        {
            if (Columns[Modelled[i]].Schema.Name == name) return i;
        }

        return -1;
    }

    /// <summary>The cells of the modelled columns, [column][row].</summary>
    public ushort[][] Encode(Table table) =>
        [.. Modelled.AsParallel().AsOrdered().Select(c => Columns[c].Encode(table[Columns[c].Schema.Name]))];

    /// <summary>The cells of the modelled columns of rows that may hold what was not learned, [column][row].</summary>
    /// <param name="table">Of the columns that were learned.</param>
    /// <param name="unknown">Stands for a value without a cell.</param>
    public ushort[][] EncodeKnown(Table table, ushort unknown) =>
        [.. Modelled.AsParallel().AsOrdered().Select(c => Columns[c].EncodeKnown(table[Columns[c].Schema.Name], unknown))];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="SynthesisException">The text is no codec.</exception>
    public static TableCodec FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<TableCodec>(json, Json) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, "The model package holds codecs that cannot be read.", inner: error);
        }
    }
}
