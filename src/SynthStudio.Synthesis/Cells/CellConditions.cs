using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Cells;

/// <summary>Which cells a drawn row may have, and how they decode to values that meet the conditions.</summary>
internal sealed class CellConditions
{
    private readonly TableCodec codec;
    private readonly Admission?[] admissions;
    private readonly double[]?[] shares;

    /// <param name="codec">The table's codec.</param>
    /// <param name="given">Conditions by column name.</param>
    /// <exception cref="SynthesisException">There is no such column, or nothing the model can produce meets a condition.</exception>
    public CellConditions(TableCodec codec, IReadOnlyDictionary<string, Condition> given)
    {
        this.codec = codec;
        admissions = new Admission?[codec.Columns.Count];
        foreach (var (name, condition) in given)
        {
            var column = codec.IndexOf(name);
            admissions[column] = codec.Columns[column].Admit(condition);
        }

        shares = [.. codec.Modelled.Select(column => admissions[column]?.Shares is { } own && Excludes(own, codec.Columns[column].Layout.Drawable) ? own : null)];
    }

    /// <summary>Whether any modelled column is restricted.</summary>
    public bool Any => Array.Exists(shares, own => own is not null);

    /// <summary>By cell of a modelled column: the share of the cell's mass that is admitted, to multiply its probability with; null when nothing is excluded.</summary>
    public double[]? this[int modelled] => shares[modelled];

    /// <summary>What turns a column's cells into values, by index among all columns of the table.</summary>
    public ColumnCodec Decoder(int column) => admissions[column]?.Codec ?? codec.Columns[column];

    private static bool Excludes(double[] shares, bool[] drawable) => shares.Where((share, cell) => drawable[cell] && share < 1).Any();
}
