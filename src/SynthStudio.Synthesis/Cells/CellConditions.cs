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

        shares = [.. codec.Modelled.Select(column => admissions[column] is { } own ? Relative(own.Shares, codec.Columns[column].Layout.Drawable) : null)];
    }

    /// <summary>Whether any modelled column is restricted.</summary>
    public bool Any => Array.Exists(shares, own => own is not null);

    /// <summary>
    /// By cell of a modelled column: the factor of its probability, in proportion to the share of the cell's mass that is admitted, 1 where that is
    /// largest; null when nothing is excluded.
    /// </summary>
    public double[]? this[int modelled] => shares[modelled];

    /// <summary>What turns a column's cells into values, by index among all columns of the table.</summary>
    public ColumnCodec Decoder(int column) => admissions[column]?.Codec ?? codec.Columns[column];

    /// <summary>Methods that wait for rows would wait for all of a small share in vain.</summary>
    private static double[]? Relative(double[] shares, bool[] drawable)
    {
        var most = shares.Where((_, cell) => drawable[cell]).DefaultIfEmpty().Max();
        var relative = most > 0 ? Array.ConvertAll(shares, share => share / most) : shares;
        return relative.Where((share, cell) => drawable[cell] && share < 1).Any() ? relative : null;
    }
}
