using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>A method that learns a table. Stateless: everything learned is in the <see cref="ITabularModel"/> it returns.</summary>
public interface ISynthesizer
{
    /// <summary>The name users choose it by, for example <c>autoregressive</c>.</summary>
    string Method { get; }

    /// <summary>One line for people: what the method is and what it is good for.</summary>
    string Summary { get; }

    /// <summary>What its models can do.</summary>
    Capabilities Capabilities { get; }

    /// <summary>What a training takes of memory.</summary>
    MemoryNeed Memory { get; }

    /// <summary>Every option with its default, range and meaning; unknown or out-of-range options are refused before training.</summary>
    IReadOnlyList<MethodOption> Options { get; }

    /// <summary>The time of a training, as far as the table's size and the options tell; null where nothing comparable was measured.</summary>
    /// <exception cref="SynthesisException">An option is unknown or out of range.</exception>
    TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options) => null;

    /// <summary>Learns <paramref name="table"/>.</summary>
    /// <exception cref="SynthesisException">An option is unknown or out of range, or the table cannot be learned.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the last checkpoint stays valid.</exception>
    ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation);

    /// <summary>Brings back a model of this method from its package.</summary>
    /// <param name="package">Verified; made by <see cref="ITabularModel.Save"/>.</param>
    /// <param name="device">Where the model is to compute.</param>
    /// <param name="threads">Threads that work side by side; 0 means one a core.</param>
    /// <exception cref="SynthesisException">The package's entries do not fit together, or there is no such device.</exception>
    ITabularModel Load(ModelPackage package, Device device, int threads);
}
