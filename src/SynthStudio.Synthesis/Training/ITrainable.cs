namespace SynthStudio.Synthesis.Training;

/// <summary>A network with its loss, as the training loop sees it.</summary>
internal interface ITrainable
{
    ParameterLayout Parameters { get; }

    /// <summary>Independent parts a batch is cut into; they are computed in parallel and their gradients added in order.</summary>
    int Shards { get; }

    /// <summary>
    /// The phases of a step, one after the other: the groups of parameters that each updates. Most networks have one; adversaries may take turns.
    /// </summary>
    IReadOnlyList<int[]> Phases => [[0]];

    /// <summary>Whether a phase takes place in a step: one adversary may be updated less often than the other.</summary>
    bool Runs(long step, int phase) => true;

    /// <summary>The starting values, in the layout's order.</summary>
    float[] InitialParameters();

    /// <summary>Binds the network to parameters, for one thread.</summary>
    IBoundNetwork Bind(ParameterSet parameters);
}

/// <summary>A network on a set of parameters, used by one thread at a time.</summary>
internal interface IBoundNetwork : IDisposable
{
    /// <summary>Adds the gradient of one shard of a step's batch to the gradients of the phase's groups.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="phase">Index into <see cref="ITrainable.Phases"/>.</param>
    /// <param name="shard">Always the same one for a bound network that trains.</param>
    /// <returns>The shard's part of the batch's mean loss; in nats a row where the loss is a likelihood.</returns>
    double Accumulate(long step, int phase, int shard);

    /// <summary>In a private training: adds gradients that no record touches, once those that records touch were made public.</summary>
    /// <param name="step">As above.</param>
    /// <param name="phase">As above.</param>
    /// <param name="shard">As above.</param>
    void AccumulatePublic(long step, int phase, int shard)
    {
    }

    /// <summary>One part of the loss on held-back rows, always on the same rows and masks.</summary>
    /// <returns>The part's share of the mean loss; the parts add up.</returns>
    double Validate(int shard);
}
