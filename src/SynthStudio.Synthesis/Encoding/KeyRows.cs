using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// All rows whose keys must not come out again: those that are learned, and those that are held back, left out by a rule, or beyond the sample of
/// a large table.
/// </summary>
/// <param name="learned">The table given to the method, as it was before rules left rows out.</param>
/// <param name="whole">The table that it was cut from; null when it is the whole.</param>
/// <param name="all">All rows of a table of which the others are a sample; null when they are not.</param>
/// <param name="cancellation">Stops the reading.</param>
internal sealed class KeyRows(Table learned, Table? whole, IRowSource? all, CancellationToken cancellation)
{
    /// <summary>The rows of a training.</summary>
    public static KeyRows Of(Table table, FitRequest request, CancellationToken cancellation) =>
        request.KeyRows ?? new KeyRows(table, request.WholeTable, request.AllRows, cancellation);

    /// <summary>Whether keys of a column may come out more than once: not where a rule forbids it of the column alone. As a part of a key it may.</summary>
    public bool MayRepeat(string column) => !learned.Schema.Constraints.OfType<UniqueConstraint>().Any(unique => unique.Key is [var only] && only == column);

    /// <summary>Lets columns of keys meet all of theirs, in one pass over the rows; none when there is no such column.</summary>
    public void Meet(IReadOnlyCollection<IMeetsKeys> keys)
    {
        if (keys.Count == 0) return;
        Meet(learned, isTraining: all is null);
        if (whole is not null) Meet(whole, isTraining: false);
        foreach (var chunk in all?.Read(cancellation) ?? []) Meet(chunk, isTraining: true);

        void Meet(Table table, bool isTraining)
        {
            foreach (var fit in keys) fit.Add((CodedColumn)table[fit.Name], isTraining);
        }
    }
}
