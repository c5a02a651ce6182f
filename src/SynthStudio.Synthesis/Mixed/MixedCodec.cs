using System.Text.Json;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>A table as symbols and scalars: the codecs of its columns, and what the numbers among them need beyond those.</summary>
internal sealed class MixedCodec
{
    private readonly NumericModes?[] modes;

    private MixedCodec(TableCodec table, NumericModes?[] modes)
    {
        (Table, this.modes) = (table, modes);
        Columns =
        [
            .. table.Modelled.Select((c, i) => table.Columns[c] is NumericCodec numeric
                ? (MixedColumn)new ModeColumn(numeric, modes[i]!)
                : new CellColumn(table.Columns[c])),
        ];
    }

    /// <summary>All columns, those in which nothing varies included.</summary>
    public TableCodec Table { get; }

    /// <summary>The columns in which anything varies, as networks see them.</summary>
    public IReadOnlyList<MixedColumn> Columns { get; }

    /// <summary>Learns how to encode <paramref name="table"/>.</summary>
    /// <exception cref="SynthesisException">No column varies.</exception>
    public static MixedCodec Fit(Table table, FitRequest request, bool protectRare, CancellationToken cancellation)
    {
        var codec = TableCodec.Fit(table, request, protectRare, cancellation);
        if (codec.Modelled.Count == 0)
            throw new SynthesisException(SynthesisError.NothingToLearn, "There is nothing to learn: every column is constant, empty, an identifier or free text.");
        return Around(codec);
    }

    /// <summary>What networks on symbols and scalars need beyond a table's codecs: it follows from their counts.</summary>
    public static MixedCodec Around(TableCodec codec) => new(
        codec, [.. codec.Modelled.AsParallel().AsOrdered().Select(c => codec.Columns[c] is NumericCodec numeric ? NumericModes.Fit(numeric) : null)]);

    /// <summary>The rows of a table.</summary>
    public MixedRows Encode(Table table, long seed)
    {
        var encoded = Columns.Select((column, i) => (column, i)).AsParallel().AsOrdered().Select(c =>
            c.column.Encode(table[Table.Columns[Table.Modelled[c.i]].Schema.Name], new SeededStream(seed, StreamPurpose.ModeChoice, c.i))).ToArray();
        return new MixedRows(Array.ConvertAll(encoded, e => e.Symbols), Array.ConvertAll(encoded, e => e.Scalars));
    }

    /// <summary>The values of drawn rows.</summary>
    /// <param name="rows">What the model drew.</param>
    /// <param name="block">Number of the block of rows within the sample.</param>
    /// <param name="firstRow">Number of its first row within the sample.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="toFill">Whether the values are for missing cells of real rows, and so none of them invented.</param>
    public Table Decode(MixedRows rows, long block, long firstRow, long seed, bool toFill = false)
    {
        var columns = new Column[Table.Columns.Count];
        var constant = new ushort[rows.Count];
        for (int c = 0, modelled = 0; c < columns.Length; c++)
        {
            var random = new SeededStream(seed, StreamPurpose.DecodedValues, block * columns.Length + c);
            if (modelled < Columns.Count && Table.Modelled[modelled] == c)
            {
                var column = toFill ? Columns[modelled].WithoutInvented : Columns[modelled];
                columns[c] = column.Decode(rows.Symbols[modelled], rows.Scalars[modelled], random, firstRow, seed);
                modelled++;
            }
            else
            {
                columns[c] = Table.Columns[c].Decode(constant, random, firstRow, seed);
            }
        }

        return new Table(Table.Schema, columns);
    }

    /// <summary>Entries of a model package.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Entries() =>
        [new("codec.json", Table.ToJson()), new("modes.json", JsonSerializer.SerializeToUtf8Bytes(modes))];

    /// <summary>Reads what <see cref="Entries"/> gave.</summary>
    /// <exception cref="InvalidDataException">The entries do not fit together.</exception>
    public static MixedCodec Read(Packages.ModelPackage package)
    {
        var table = TableCodec.FromJson(package["codec.json"]);
        var modes = JsonSerializer.Deserialize<NumericModes?[]>(package["modes.json"]) ?? [];
        var fits = modes.Length == table.Modelled.Count
            && table.Modelled.Select((c, i) => table.Columns[c] is NumericCodec == modes[i] is not null).All(same => same);
        return fits ? new MixedCodec(table, modes) : throw new InvalidDataException("The modes do not match the columns.");
    }
}
