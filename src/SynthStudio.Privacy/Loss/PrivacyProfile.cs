namespace SynthStudio.Privacy.Loss;

/// <summary>
/// The hockey-stick curve delta(epsilon) = sup over sets S of P(S) - e^epsilon Q(S), for the outcome distributions P and Q on neighbouring tables,
/// at every real epsilon. It determines the privacy loss distribution.
/// </summary>
internal abstract class PrivacyProfile
{
    /// <summary>The losses that matter lie from here ...</summary>
    public abstract double LeastLoss { get; }

    /// <summary>... to here; what lies above has at most probability delta(<see cref="GreatestLoss"/>), and is taken as certain loss.</summary>
    public abstract double GreatestLoss { get; }

    /// <summary>delta at <paramref name="epsilon"/>, 0 to 1, not increasing.</summary>
    public abstract double Delta(double epsilon);
}

/// <summary>Which way the neighbour differs.</summary>
internal enum Adjacency
{
    /// <summary>P has the record, Q has not.</summary>
    Remove,

    /// <summary>P has not the record, Q has.</summary>
    Add,
}
