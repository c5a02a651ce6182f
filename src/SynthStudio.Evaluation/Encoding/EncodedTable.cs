namespace SynthStudio.Evaluation.Encoding;

/// <summary>A table whose scored columns are numbers (NaN is missing) or codes (-1 is missing), alike in all tables of an evaluation.</summary>
internal sealed class EncodedTable
{
    public const int MissingCode = -1;

    private readonly double[]?[] numbers;
    private readonly int[]?[] codes;
    private readonly Lazy<double[]>[] sorted;

    /// <param name="columns">The columns' encodings.</param>
    /// <param name="numbers">One array a numerical column, null for the others.</param>
    /// <param name="codes">One array a categorical column, null for the others.</param>
    /// <param name="rowCount">Number of rows.</param>
    public EncodedTable(IReadOnlyList<ColumnEncoding> columns, double[]?[] numbers, int[]?[] codes, int rowCount)
    {
        Columns = columns;
        this.numbers = numbers;
        this.codes = codes;
        sorted = [.. columns.Select((_, column) => new Lazy<double[]>(() => Sort(PresentNumbers(column))))];
        RowCount = rowCount;
    }

    public IReadOnlyList<ColumnEncoding> Columns { get; }

    public int RowCount { get; }

    /// <summary>The values of a numerical column.</summary>
    public double[] Numbers(int column) => numbers[column] ?? throw new InvalidOperationException($"{Columns[column].Name} is not numerical.");

    /// <summary>The codes of a categorical column.</summary>
    public int[] Codes(int column) => codes[column] ?? throw new InvalidOperationException($"{Columns[column].Name} is not categorical.");

    /// <summary>The numbers of a column that are not missing, in no particular order.</summary>
    public double[] PresentNumbers(int column) => Array.FindAll(Numbers(column), value => !double.IsNaN(value));

    /// <summary>The same, ascending; sorted once, for all who look. Not to be changed.</summary>
    public double[] SortedNumbers(int column) => sorted[column].Value;

    /// <summary>Number of missing values in a column.</summary>
    public int MissingCount(int column) => Columns[column].IsNumeric
        ? Numbers(column).Count(double.IsNaN)
        : Codes(column).Count(code => code == MissingCode);

    /// <summary>The rows named by <paramref name="rows"/>, in that order.</summary>
    public EncodedTable Take(int[] rows) => new(
        Columns,
        Array.ConvertAll(numbers, values => values is null ? null : Array.ConvertAll(rows, row => values[row])),
        Array.ConvertAll(codes, values => values is null ? null : Array.ConvertAll(rows, row => values[row])),
        rows.Length);

    /// <summary>These rows and then those of <paramref name="other"/>, which is encoded alike.</summary>
    public EncodedTable Append(EncodedTable other) => new(
        Columns,
        [.. numbers.Zip(other.numbers, (mine, theirs) => mine is null ? null : (double[])[.. mine, .. theirs!])],
        [.. codes.Zip(other.codes, (mine, theirs) => mine is null ? null : (int[])[.. mine, .. theirs!])],
        RowCount + other.RowCount);

    private static double[] Sort(double[] values)
    {
        Array.Sort(values);
        return values;
    }
}
