using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Fills missing cells so that the rows keep their rules. Most rows are drawn once, given all that is known of them. Some are drawn many times:
/// those that would break a rule or repeat a key, and those of which a known cell does not tell the model what it says, such as an end without its start. Of
/// these draws the one is kept that comes closest to the known cells, and is made to fit them.
/// </summary>
/// <remarks>
/// The closest of many draws is an approximation of a draw given the known cells (approximate Bayesian computation: Beaumont, 2019), exact for
/// combinations, where only draws that agree are close. A row that breaks a rule by its known cells alone is not held to that rule.
/// </remarks>
/// <param name="inner">The model of the rewritten rows.</param>
/// <param name="plan">How rows are rewritten, and their rules.</param>
internal sealed class RuledImputation(IImputer inner, ConstraintPlan plan)
{
    private const int Draws = 64, RowsAtOnce = 1_024;

    /// <summary>See <see cref="IImputer.Impute"/>. Cells stay missing for which no draw keeps the rules.</summary>
    public Table Run(Table table, long seed, CancellationToken cancellation)
    {
        var known = plan.Transforms.Aggregate(table, (rows, transform) => transform.Deduce(rows));
        var (once, gap) = Draw(known, seed, cancellation);
        var breaks = Breaks(table, once);
        var rows = Enumerable.Range(0, table.RowCount).Select(row => (Table: once, Row: row)).ToArray();
        var keys = new FilledKeys(plan.Schema, table);
        var takes = keys.TakenFrom(once);
        var again = Array.FindAll([.. Enumerable.Range(0, rows.Length)], row => gap(row) > 0 || breaks(row) || !takes(row, row));
        foreach (var (number, block) in again.Chunk(RowsAtOnce).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            int[] repeated = [.. block.SelectMany(row => Enumerable.Repeat(row, Draws))];
            var (drawn, distance) = Draw(known.Take(repeated), SeedOf(seed, number), cancellation);
            var broken = Breaks(table.Take(repeated), drawn);
            var takesDrawn = keys.TakenFrom(drawn);
            var closest = block.Select((row, i) => Enumerable.Range(i * Draws, Draws).Where(draw => !broken(draw)).OrderBy(distance).Select(draw => (int?)draw)
                .FirstOrDefault(draw => takesDrawn(draw!.Value, row))).ToArray();
            var kept = drawn.Take([.. closest.OfType<int>()]); // The others need not be held.
            var next = 0;
            for (var i = 0; i < block.Length; i++) rows[block[i]] = closest[i] is null ? (table, block[i]) : (kept, next++);
        }

        return again.Length == 0 ? once : Chunks.Gather(rows);
    }

    /// <summary>The rows filled once, and by row how far what was drawn is from what is known.</summary>
    private (Table Filled, Func<int, double> Gap) Draw(Table known, long seed, CancellationToken cancellation)
    {
        var drawn = inner.Impute(plan.Transforms.Aggregate(known, (rows, transform) => transform.Read(rows, toFill: true).Rows), seed, cancellation);
        var backward = plan.Transforms.Reverse().Where(transform => transform.Needs.All(name => Has(drawn, name)));
        foreach (var transform in backward) drawn = transform.Backward(drawn);
        var settled = plan.Transforms.Aggregate(known, (rows, transform) => transform.Settle(rows, drawn));
        var filled = new Table(
            known.Schema,
            [.. settled.Columns.Select(column => Has(drawn, column.Name) ? FilledCells.Of(column, drawn[column.Name]) : column)]);
        filled = plan.Transforms.Reverse().Aggregate(filled, (rows, transform) => transform.Follow(known, rows, drawn));
        var gaps = plan.Transforms.Select(transform => transform.Gap(known, drawn)).ToList();
        return (new Table(known.Schema, [.. filled.Columns.Select(column => AsWritten(known[column.Name], column))]), row => gaps.Sum(gap => gap(row)));
    }

    /// <summary>Filled numbers as they are read back once they were written: rules are kept by what the file will say.</summary>
    private static Column AsWritten(Column before, Column after)
    {
        if (after is not NumericColumn numbers) return after;
        var written = new WrittenValues(after.Schema);
        return numbers.With([.. numbers.Values.Select((value, row) => before.IsMissing(row) ? written.Of(value) : value)]);
    }

    /// <summary>Whether a filled row breaks a rule that it did not break before.</summary>
    private Func<int, bool> Breaks(Table before, Table after)
    {
        var checks = plan.Schema.Rules
            .Where(rule => rule.Columns.All(name => Has(before, name)))
            .Select(rule => RowRule.Of(rule, plan.Schema)).OfType<RowRule>()
            .Select(rule => (Before: rule.BrokenIn(before), After: rule.BrokenIn(after))).ToList();
        return row => checks.Exists(check => check.After(row) && !check.Before(row));
    }

    /// <summary>Of further draws; far from the seeds of other imputations, which people number.</summary>
    private static long SeedOf(long seed, int block) => (long)RowHash.Mix(RowHash.Mix((ulong)seed) + (ulong)block);

    private static bool Has(Table table, string name) => table.Schema.Columns.Any(column => column.Name == name);
}
