using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>Columns whose value is given: what the network is told of them, and what stands in the drawn rows.</summary>
internal sealed class MixedConditions
{
    private readonly MixedCodec codec;
    private readonly (Admission Admission, ushort Cell)?[] given;

    /// <param name="codec">The table's codec.</param>
    /// <param name="conditions">By column name; each asks for one value.</param>
    /// <exception cref="SynthesisException">There is no such column, or the model cannot produce the value.</exception>
    public MixedConditions(MixedCodec codec, IReadOnlyDictionary<string, Condition> conditions)
    {
        this.codec = codec;
        given = new (Admission, ushort)?[codec.Table.Columns.Count];
        foreach (var (name, condition) in conditions)
        {
            var column = codec.Table.IndexOf(name);
            var admission = codec.Table.Columns[column].Admit(condition);
            given[column] = (admission, (ushort)Array.FindIndex(admission.Shares, share => share > 0));
        }

        Symbols = new MixedSymbol?[codec.Columns.Count];
        for (var c = 0; c < Symbols.Count; c++)
        {
            if (Values(codec.Table.Modelled[c], rows: 1) is not { } value) continue;
            var (symbols, scalars) = codec.Columns[c].Encode(value, new SeededStream(0, StreamPurpose.ModeChoice, c));
            Symbols[c] = new MixedSymbol(symbols[0], scalars?[0] ?? 0);
        }
    }

    /// <summary>By modelled column: its given symbol and scalar; null where it is to be drawn.</summary>
    public IList<MixedSymbol?> Symbols { get; }

    /// <summary>The rows with the values asked for in place of what the network knows them as.</summary>
    public Table Impose(Table table) => Array.TrueForAll(given, value => value is null)
        ? table
        : new Table(table.Schema, [.. table.Columns.Select((column, c) => Values(c, column.Count) ?? column)]);

    private Column? Values(int column, int rows)
    {
        if (given[column] is not var (admission, cell)) return null;
        var cells = new ushort[rows];
        Array.Fill(cells, cell);
        return admission.Codec.Decode(cells, new SeededStream(0, StreamPurpose.DecodedValues, column), 0, 0);
    }
}

/// <summary>A symbol, and the scalar that comes with it; 0 under a symbol without one.</summary>
internal readonly record struct MixedSymbol(ushort Symbol, float Scalar);
