using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;

namespace SynthStudio.Evaluation.Attacks;

/// <summary>
/// What attacks work with: the synthetic table, and equally many people of training and holdout, so that success on the one can be
/// compared with success on the other.
/// </summary>
internal sealed class AttackTables
{
    // Each sample has a seed of its own, so that no two attacks share their luck.
    private const int TrainSalt = 101;
    private const int HoldoutSalt = 102;
    private const int SyntheticSalt = 103;

    public AttackTables(EvaluationContext context, EncodedTable holdout, AttackBudget budget)
    {
        Context = context;
        Budget = budget;
        Scales = NumberScale.OfAll(context.Train);
        var size = Math.Min(budget.ReferenceRows, Math.Min(context.Train.RowCount, holdout.RowCount));
        Train = Sample(context.Train, size, TrainSalt);
        Holdout = Sample(holdout, size, HoldoutSalt);
        Synthetic = Sample(context.Tables.Synthetic, budget.ReferenceRows, SyntheticSalt);
    }

    public EvaluationContext Context { get; }

    public AttackBudget Budget { get; }

    /// <summary>Training's range of each numerical column.</summary>
    public NumberScale[] Scales { get; }

    /// <summary>Training people in random order, as many as <see cref="Holdout"/>.</summary>
    public EncodedTable Train { get; }

    /// <summary>People the generator never saw, in random order.</summary>
    public EncodedTable Holdout { get; }

    /// <summary>The synthetic rows in random order.</summary>
    public EncodedTable Synthetic { get; }

    public int Seed => Context.Seed;

    /// <summary>The first <paramref name="count"/> rows of a table whose rows are in random order.</summary>
    public static EncodedTable First(EncodedTable table, int count) => table.Take([.. Enumerable.Range(0, Math.Min(count, table.RowCount))]);

    /// <summary>Rows for Gower's distance, by all columns or only some.</summary>
    public GowerRows Rows(EncodedTable table, IReadOnlyCollection<int>? only = null) => new(table, Scales, only);

    /// <summary>The nearest rows of <paramref name="reference"/> to each of <paramref name="queries"/>.</summary>
    public Neighbour[][] Nearest(EncodedTable queries, NeighbourSearch reference, int count, IReadOnlyCollection<int>? only = null) =>
        reference.Find(Rows(queries, only), count, Context.Parallelism);

    private EncodedTable Sample(EncodedTable table, int size, int salt) => table.Take(RowSample.Draw(table.RowCount, size, Context.Seed + salt));
}
