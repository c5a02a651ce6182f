using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Validity;

/// <summary>Looks at every column before anything is scored: missing values, ranges, categories, keys; and at the schema's rules.</summary>
internal sealed class ValidityMetric(EvaluationContext context)
{
    private const double NotableNullDifference = 0.02;
    private const double NotableOutsideDifference = 0.01;

    /// <param name="train">The whole training table as it was given, whose schema has the rules.</param>
    /// <param name="synthetic">The whole synthetic table as it was given, whose keys are looked at.</param>
    /// <param name="holdout">The whole holdout; null without.</param>
    public ValidityResult Measure(Table train, Table synthetic, Table? holdout)
    {
        var columns = new List<ColumnValidity>();
        var notes = new List<string>();
        for (var column = 0; column < context.Columns.Count; column++)
        {
            var finding = Examine(column, synthetic);
            columns.Add(Told(column, finding));
            notes.AddRange(NotesOn(finding, columns[^1], context.Columns[column].IsNumeric));
        }

        foreach (var key in synthetic.Columns.OfType<CodedColumn>().Where(c => c.Schema.Kind == ColumnKind.Identifier))
        {
            var finding = ExamineKey(key);
            columns.Add(finding);
            var known = train.Columns.OfType<CodedColumn>().Where(c => c.Name == key.Name).Select(c => ExamineKey(c).DuplicateKeys).FirstOrDefault() ?? 0;
            var chance = known > 0 ? NotableNullDifference : 0; // Keys of persons with several rows each repeat.
            notes.AddRange(finding.DuplicateKeys > known + chance ? [$"{key.Name}: {finding.DuplicateKeys:P2} of the keys are missing or repeated"] : []);
        }

        context.Skip("referential_integrity", "one table was given, which refers to no other");
        var rules = RuleCheck.Examine(train, synthetic, holdout);
        notes.AddRange(rules.Where(rule => rule.BrokenSynthetic > Math.Max(rule.BrokenTrain, rule.BrokenHoldout ?? 0))
            .Select(rule => $"rule {rule.Name}: {rule.BrokenSynthetic:P2} of the rows break it, of training {FewRows.Round(rule.BrokenTrain, train.RowCount):P2}"));
        return new ValidityResult(notes, columns, [.. rules.Select(rule => rule with
        {
            BrokenTrain = FewRows.Round(rule.BrokenTrain, train.RowCount),
            BrokenHoldout = holdout is null ? null : FewRows.Round(rule.BrokenHoldout!.Value, holdout.RowCount),
        })]);
    }

    /// <summary>What is told of a finding: of real rows counts to five.</summary>
    private ColumnValidity Told(int column, ColumnValidity finding) => context.Tables.Holdout is not { } holdout
        ? finding with { NullRateTrain = FewRows.Round(finding.NullRateTrain, context.Train.RowCount) }
        : finding with
        {
            NullRateTrain = FewRows.Round(finding.NullRateTrain, context.Train.RowCount),
            NullRateHoldout = FewRows.Round(finding.NullRateHoldout!.Value, holdout.RowCount),
            OutsideHoldout = FewRows.Round(finding.OutsideHoldout!.Value, holdout.RowCount - holdout.MissingCount(column)),
        };

    private ColumnValidity Examine(int column, Table given)
    {
        var (train, synthetic, holdout) = (context.Train, context.Tables.Synthetic, context.Tables.Holdout);
        var outside = context.Columns[column].IsNumeric ? OutsideRange(column) : UnseenCategories(column);
        return new ColumnValidity(
            context.Columns[column].Name,
            NullRate(train, column),
            NullRate(synthetic, column),
            holdout is null ? null : NullRate(holdout, column),
            outside(synthetic),
            holdout is null ? null : outside(holdout),
            null,
            InvalidShare(given[context.Columns[column].Name]));
    }

    private Func<EncodedTable, double> OutsideRange(int column)
    {
        var present = context.Train.PresentNumbers(column);
        var (low, high) = present.Length == 0 ? (double.NaN, double.NaN) : (present.Min(), present.Max());
        return table => Share(table.PresentNumbers(column), value => !(value >= low && value <= high));
    }

    private Func<EncodedTable, double> UnseenCategories(int column)
    {
        var seen = context.Train.Codes(column).ToHashSet();
        return table => Share(Array.FindAll(table.Codes(column), code => code != EncodedTable.MissingCode), code => !seen.Contains(code));
    }

    private static ColumnValidity ExamineKey(CodedColumn key)
    {
        var seen = new HashSet<int>();
        var missing = key.Codes.Count(code => code == CodedColumn.Missing);
        var unique = key.Codes.Count(code => code != CodedColumn.Missing && seen.Add(code));
        return new ColumnValidity(
            key.Name, 0, (double)missing / key.Count, null, null, null, 1 - ((double)unique / key.Count), InvalidShare(key));
    }

    private static IEnumerable<string> NotesOn(ColumnValidity finding, ColumnValidity told, bool isNumeric)
    {
        if (finding.InvalidSynthetic > 0) yield return $"{finding.Name}: {finding.InvalidSynthetic:P2} of the cells are not of the column's kind, and count as missing";

        if (Math.Abs(finding.NullRateSynthetic - finding.NullRateTrain) > NotableNullDifference)
        {
            yield return $"{finding.Name}: {finding.NullRateSynthetic:P2} missing, in training {told.NullRateTrain:P2}";
        }

        if (finding.OutsideSynthetic > (finding.OutsideHoldout ?? 0) + NotableOutsideDifference)
        {
            var what = isNumeric ? "out of the training range" : "unseen categories";
            var beside = told.OutsideHoldout is { } holdout ? $", in the holdout {holdout:P2}" : "";
            yield return $"{finding.Name}: {finding.OutsideSynthetic:P2} {what}{beside}";
        }
    }

    private static double InvalidShare(Column column) => (double)column.InvalidCells / column.Count;

    private static double NullRate(EncodedTable table, int column) => (double)table.MissingCount(column) / table.RowCount;

    private static double Share<T>(T[] values, Func<T, bool> isCounted) => values.Length == 0 ? 0 : (double)values.Count(isCounted) / values.Length;
}
