using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Trend;

/// <summary>
/// What rows add to the distances of pairs, for the standard errors of their means. Scores with own bins have none: their bins end at each
/// table's most extreme values, which vary in ways that no other rows of the table tell.
/// </summary>
internal sealed class TrendInfluences(InfluenceRows rows)
{
    private readonly Influence shared = new(rows), strong = new(rows), association = new(rows);

    public TrendErrors StandardErrors => new(shared.StandardError, strong.StandardError, association.StandardError);

    /// <summary>Where the distance of a pair cut into shared bins is to be added.</summary>
    public Influence[] OfSharedBins(bool isStrong) => isStrong ? [shared, strong] : [shared];

    /// <summary>Two numerical columns: half the difference of the correlations, whatever the bins.</summary>
    public void AddNumbers((Correlation X, Correlation Y) train, (Correlation X, Correlation Y) other, double difference, bool isStrong)
    {
        var (mine, others) = (Correlation.RowInfluence(train.X, train.Y), Correlation.RowInfluence(other.X, other.Y));
        association.AddAbsolute(difference, mine, others, 1);
        foreach (var influence in OfSharedBins(isStrong))
        {
            influence.AddAbsolute(difference, mine, others, 0.5);
        }
    }

    /// <summary>The difference of Cramér's V of other pairs.</summary>
    public void AddAssociation((BinnedColumn X, BinnedColumn Y) train, (BinnedColumn X, BinnedColumn Y) other, double difference) => association.AddAbsolute(
        difference, Contingency.CramersVRowInfluence(train.X, train.Y), Contingency.CramersVRowInfluence(other.X, other.Y), 1);
}
