using SynthStudio.Evaluation.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Anonymity;

/// <summary>Which columns others may know of a person: those that were named, else a guess that the report calls one.</summary>
internal static class QuasiIdentifiers
{
    private const int MostGuessed = 4;
    private const int MostDistinct = 200;

    private static readonly string[] Telling =
    [
        "age", "birth", "geburt", "alter", "sex", "gender", "geschlecht", "zip", "postal", "postcode", "plz", "city", "region", "state", "country", "land",
        "race", "ethnic", "marital", "familien", "nationality", "education", "occupation", "beruf", "religion", "household",
    ];

    /// <summary>Parts of column names that may hold what nobody should be treated by.</summary>
    private static readonly string[] Protected = ["sex", "gender", "geschlecht", "race", "ethnic", "religion", "nationality", "disab"];

    /// <summary>The named columns, in their order.</summary>
    /// <exception cref="TableException">There is no such column, or it is not scored.</exception>
    public static int[] Named(IReadOnlyList<ColumnEncoding> columns, IReadOnlyList<string> names) =>
        [.. names.Select(name => columns.Select(column => column.Name).ToList().IndexOf(name) is >= 0 and var at
            ? at
            : throw new TableException(TableError.MissingColumn, $"There is no column '{name}' that is scored.", name))];

    /// <summary>At most four columns with telling names; without any, the first four of few values that are not the target.</summary>
    public static int[] Guess(EncodedTable train, string? target)
    {
        var candidates = Enumerable.Range(0, train.Columns.Count).Where(column => train.Columns[column].Name != target).ToArray();
        var telling = candidates.Where(column => IsNamedLike(train.Columns[column].Name, Telling)).Take(MostGuessed).ToArray();
        return telling.Length > 0 ? telling : [.. candidates.Where(column => Distinct(train, column) is >= 2 and <= MostDistinct).Take(MostGuessed)];
    }

    /// <summary>Categorical columns with protected names, not the target.</summary>
    public static int[] GuessProtected(EncodedTable train, string? target) =>
        [.. Enumerable.Range(0, train.Columns.Count).Where(column =>
            !train.Columns[column].IsNumeric && train.Columns[column].Name != target && IsNamedLike(train.Columns[column].Name, Protected))];

    // 'age' must not be found in 'language' or 'percentage'.
    private static bool IsNamedLike(string name, string[] parts)
    {
        var words = name.ToLowerInvariant().Split(['_', '-', ' ', '.']);
        return parts.Any(part => words.Any(word => word == part || (part.Length > 3 && word.StartsWith(part, StringComparison.Ordinal))));
    }

    private static int Distinct(EncodedTable table, int column) => table.Columns[column].IsNumeric
        ? table.PresentNumbers(column).Distinct().Take(MostDistinct + 1).Count()
        : table.Codes(column).Distinct().Take(MostDistinct + 1).Count();
}
