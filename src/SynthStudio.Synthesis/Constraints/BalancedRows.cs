using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Rows of a sample whose shares of some columns are dealt by the model: one that breaks a rule gives way to one that is drawn given the same
/// values of these columns, so that what was dealt stays.
/// </summary>
/// <param name="model">Of the rows as they are learned.</param>
/// <param name="plan">How rows are written, and their rules.</param>
/// <param name="request">As the model got it.</param>
/// <param name="selection">Checks rows.</param>
internal sealed class BalancedRows(ITabularModel model, ConstraintPlan plan, SampleRequest request, RowSelection selection)
{
    /// <summary>Rows to take the place of others are drawn few at first, then more.</summary>
    private const int FewestDrawn = 64, MostDrawn = 2_048;

    private readonly string[] columns =
        [.. request.Rebalance.Keys.Concat(request.Fairness is { } fair ? [fair.Target, fair.Sensitive] : []).Distinct()];

    private readonly Dictionary<ulong, Substitutes> substitutes = [];

    /// <summary>
    /// Rows that take the place of others are numbered behind those of the sample. Half of all numbers are more rows than anybody draws: of a
    /// request for more the other half is left for these, or their numbers would wrap round.
    /// </summary>
    private long rowsDrawn = Math.Min(request.Rows, long.MaxValue / 2);

    /// <summary>The rows that users get, as many as the model drew.</summary>
    /// <param name="drawn">What the model drew for the request.</param>
    /// <param name="cancellation">Looked at between blocks of rows.</param>
    public IEnumerable<Table> Of(IEnumerable<Table> drawn, CancellationToken cancellation)
    {
        foreach (var chunk in drawn)
        {
            var rows = plan.Backward(chunk);
            var passes = selection.PassesIn(rows);
            var groups = new RowHash(columns.Select(name => chunk[name]));
            var taken = new List<(Table Table, int Row)>(chunk.RowCount);
            for (var row = 0; row < chunk.RowCount; row++) taken.Add(passes(row) ? (rows, row) : Substitute(groups.Of(row), chunk, row, cancellation));
            yield return Chunks.Gather(taken);
        }
    }

    private (Table Table, int Row) Substitute(ulong group, Table chunk, int row, CancellationToken cancellation)
    {
        if (!substitutes.TryGetValue(group, out var found))
            substitutes.Add(group, found = new Substitutes
            {
                Given = new Dictionary<string, Condition>(
                    [.. request.Given.Where(g => !columns.Contains(g.Key)), .. columns.Select(Value)]),
            });
        while (true)
        {
            if (selection.Drawn >= selection.MostDraws) throw selection.Unmet();
            if (found.Next == found.Rows?.RowCount || found.Rows is null) Draw(found, cancellation);
            if (found.Passes!(found.Next++)) return (found.Rows!, found.Next - 1);
        }

        KeyValuePair<string, Condition> Value(string name) => KeyValuePair.Create(name, Condition.Like(chunk[name] switch
        {
            NumericColumn numbers => CellText.OfNumber(numbers.Schema, numbers.Values[row]),
            var coded => ((CodedColumn)coded).Text(row),
        }));
    }

    private void Draw(Substitutes group, CancellationToken cancellation)
    {
        group.Drawn = Math.Min(Math.Max(2 * group.Drawn, FewestDrawn), MostDrawn);
        var few = new SampleRequest
        {
            Rows = group.Drawn, FirstRow = rowsDrawn, ChunkRows = group.Drawn, FirstChunkRows = group.Drawn,
            Seed = request.Seed, Temperature = request.Temperature, Given = group.Given,
        };
        rowsDrawn += group.Drawn;
        (group.Rows, group.Next) = (plan.Backward(model.Sample(few, cancellation).Single()), 0);
        group.Passes = selection.PassesIn(group.Rows);
    }

    /// <summary>Rows with the same values in the balanced columns.</summary>
    private sealed class Substitutes
    {
        public required IReadOnlyDictionary<string, Condition> Given { get; init; }

        /// <summary>Rows of the newest draw.</summary>
        public int Drawn { get; set; }

        public Table? Rows { get; set; }

        public Func<int, bool>? Passes { get; set; }

        /// <summary>The first of <see cref="Rows"/> that nobody looked at.</summary>
        public int Next { get; set; }
    }
}
