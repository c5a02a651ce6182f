namespace SynthStudio.Synthesis.Training;

/// <summary>A network with its loss, as the training loop sees it.</summary>
internal interface ITrainable
{
    ParameterLayout Parameters { get; }

    /// <summary>Independent parts a batch is cut into; they are computed in parallel and their gradients added in order.</summary>
    int Shards { get; }

    /// <summary>The starting values, in the layout's order.</summary>
    float[] InitialParameters();

    /// <summary>Binds the network to parameters, for one thread.</summary>
    IBoundNetwork Bind(ParameterSet parameters);
}

/// <summary>A network on a set of parameters, used by one thread at a time.</summary>
internal interface IBoundNetwork : IDisposable
{
    /// <summary>Adds the gradient of one shard of a step's batch to the parameters' gradients.</summary>
    /// <returns>The shard's part of the batch's mean loss, in nats a row.</returns>
    double Accumulate(long step, int shard);

    /// <summary>One part of the loss on held-back rows, always on the same rows and masks.</summary>
    /// <returns>The part's share of the mean loss, in nats a row; the parts add up.</returns>
    double Validate(int shard);
}
