using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Accuracy;

/// <summary>
/// How QA accuracy cuts one column: numbers into quantile bins; categories into the ten most frequent ones of at least five rows and
/// one bin of others; missing apart. Categories that are all numbers are cut as numbers.
/// </summary>
internal sealed class AccuracyBins
{
    private const int MostCategories = 10;
    private const int FewestRows = 5;
    private const int MissingLevel = 0;
    private const int OtherLevel = 1;

    private readonly int column;
    private readonly QuantileBins? quantiles;
    private readonly int[] levelOfCode = [];
    private readonly int levels;

    /// <param name="column">The column.</param>
    /// <param name="original">The tables whose rows make the bins.</param>
    public AccuracyBins(int column, IReadOnlyList<EncodedTable> original)
    {
        this.column = column;
        var encoding = original[0].Columns[column];
        if (encoding.IsNumeric)
        {
            quantiles = new QuantileBins([.. original.SelectMany(table => table.SortedNumbers(column))]);
            return;
        }

        var counts = CountCodes(encoding.Categories.Length, original);
        if (encoding.CategoryNumbers.Where((number, code) => counts[code] > 0 && double.IsNaN(number)).Any())
        {
            (levelOfCode, levels) = FrequentLevels(counts);
        }
        else
        {
            quantiles = new QuantileBins([.. original.SelectMany(table => NumbersOf(table).Where(v => !double.IsNaN(v)))]);
        }
    }

    /// <summary>The bins of <paramref name="table"/>'s rows.</summary>
    public BinnedColumn Apply(EncodedTable table)
    {
        if (quantiles is null)
        {
            return new BinnedColumn(
                Array.ConvertAll(table.Codes(column), code => code == EncodedTable.MissingCode ? MissingLevel : levelOfCode[code]), levels);
        }

        return quantiles.Apply(table.Columns[column].IsNumeric ? table.Numbers(column) : NumbersOf(table));
    }

    private double[] NumbersOf(EncodedTable table)
    {
        var numbers = table.Columns[column].CategoryNumbers;
        return Array.ConvertAll(table.Codes(column), code => code == EncodedTable.MissingCode ? double.NaN : numbers[code]);
    }

    private int[] CountCodes(int categories, IReadOnlyList<EncodedTable> original)
    {
        var counts = new int[categories];
        foreach (var code in original.SelectMany(table => table.Codes(column)))
        {
            if (code != EncodedTable.MissingCode)
            {
                counts[code]++;
            }
        }

        return counts;
    }

    private static (int[] LevelOfCode, int Levels) FrequentLevels(int[] counts)
    {
        var levelOfCode = new int[counts.Length];
        Array.Fill(levelOfCode, OtherLevel);
        var level = OtherLevel;
        foreach (var code in Enumerable.Range(0, counts.Length).OrderByDescending(code => counts[code]).Take(MostCategories))
        {
            if (counts[code] >= FewestRows)
            {
                levelOfCode[code] = ++level;
            }
        }

        return (levelOfCode, level + 1);
    }
}
