using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.SinglingOut;

/// <summary>Makes descriptions of people from the synthetic table.</summary>
internal sealed class QueryBuilder
{
    private readonly EncodedTable synthetic;
    private readonly double[] medians;
    private readonly double[][] values; // present distinct values, for blind guesses

    public QueryBuilder(EncodedTable synthetic)
    {
        this.synthetic = synthetic;
        values = new double[synthetic.Columns.Count][];
        medians = new double[values.Length];
        for (var column = 0; column < values.Length; column++)
        {
            var present = Present(column);
            Array.Sort(present);
            medians[column] = present.Length > 0 ? present[present.Length / 2] : double.NaN;
            values[column] = [.. present.Distinct()];
        }
    }

    /// <summary>Every description by one column that fits one synthetic row: values that occur once, single gaps, single extremes.</summary>
    public IEnumerable<RowQuery> Unique()
    {
        for (var column = 0; column < values.Length; column++)
        {
            foreach (var value in Present(column).GroupBy(v => v).Where(group => group.Count() == 1).Select(group => group.Key))
            {
                yield return new RowQuery(new RowCondition(column, Comparison.Equal, value));
            }

            if (synthetic.MissingCount(column) == 1)
            {
                yield return new RowQuery(new RowCondition(column, Comparison.Missing, 0));
            }

            foreach (var extreme in Extremes(column))
            {
                yield return extreme;
            }
        }
    }

    /// <summary>Conditions on random columns that the given row meets: its category, its gap, or its number as a bound away from the median.</summary>
    public RowQuery OfRow(int row, int width, RandomState random) => new([.. Columns(width, random).Select(column => Condition(column, row))]);

    /// <summary>Conditions on random columns with random values: what an attacker would try who knows only which values there are.</summary>
    public RowQuery Blind(int width, RandomState random) => new([.. Columns(width, random).Select(column =>
    {
        if (values[column].Length == 0)
        {
            return new RowCondition(column, Comparison.Missing, 0);
        }

        var value = values[column][random.Below(values[column].Length)];
        return !synthetic.Columns[column].IsNumeric ? new RowCondition(column, Comparison.Equal, value)
            : new RowCondition(column, random.Below(2) == 0 ? Comparison.AtLeast : Comparison.AtMost, value);
    })]);

    private IEnumerable<int> Columns(int width, RandomState random) => random.Permutation(values.Length).Take(width);

    private RowCondition Condition(int column, int row)
    {
        if (!synthetic.Columns[column].IsNumeric)
        {
            return new RowCondition(column, Comparison.Equal, synthetic.Codes(column)[row]);
        }

        var number = synthetic.Numbers(column)[row];
        return double.IsNaN(number) ? new RowCondition(column, Comparison.Missing, 0)
            : new RowCondition(column, number > medians[column] ? Comparison.AtLeast : Comparison.AtMost, number);
    }

    private IEnumerable<RowQuery> Extremes(int column)
    {
        if (!synthetic.Columns[column].IsNumeric || values[column].Length < 2)
        {
            return [];
        }

        RowQuery[] ends =
        [
            new(new RowCondition(column, Comparison.AtMost, values[column][0])),
            new(new RowCondition(column, Comparison.AtLeast, values[column][^1])),
        ];
        return ends.Where(end => end.FitsOne(synthetic));
    }

    private double[] Present(int column) => synthetic.Columns[column].IsNumeric
        ? synthetic.PresentNumbers(column)
        : [.. synthetic.Codes(column).Where(code => code != EncodedTable.MissingCode).Select(code => (double)code)];
}
