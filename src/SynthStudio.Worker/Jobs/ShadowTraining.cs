using SynthStudio.Evaluation.Membership;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Trains the shadow models that an evaluation asks for.</summary>
internal static class ShadowTraining
{
    private const string DefaultMethod = "cart";

    /// <summary>Longest training of one shadow model.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    /// <summary>The shadow models that the settings ask for; null for none.</summary>
    /// <exception cref="SynthesisException">There is no such method.</exception>
    public static ShadowModels? Of(JobContext context, EvaluationSettings settings, EvaluatedGenerator? generator)
    {
        if (settings.ShadowModels == 0)
        {
            return null;
        }

        var own = generator is { HasEpsilon: false, Method.Length: > 0 } && Learns(generator.Method) ? generator.Method : DefaultMethod;
        var method = settings.ShadowMethod.Length > 0 ? settings.ShadowMethod : own;
        var synthesizer = Synthesizers.Get(method);
        return new ShadowModels(method, settings.ShadowModels, (table, rows, seed) => Draw(context, synthesizer, table, rows, seed));
    }

    /// <summary>Whether a method learns tables at all.</summary>
    private static bool Learns(string method) => !Synthesizers.Get(method).Capabilities.HasFlag(Capabilities.NoData);

    private static IEnumerable<Table> Draw(JobContext context, ISynthesizer synthesizer, Table table, int rows, int seed)
    {
        var request = new FitRequest { MaxTime = MaxTime, Seed = seed, Threads = context.Order.Threads, ScratchFolder = context.Order.ScratchFolder };
        using var model = synthesizer.Fit(table, request, new Unobserved(), context.Cancellation);
        foreach (var drawn in model.Sample(new SampleRequest { Rows = rows, Seed = seed }, context.Cancellation))
        {
            yield return drawn;
        }
    }

    /// <summary>A shadow model is trained to its end, and nobody watches.</summary>
    private sealed class Unobserved : ITrainingObserver
    {
        public TrainingWish Wish => TrainingWish.Continue;

        public void Report(TrainingProgress progress)
        {
        }

        public void CheckpointWritten(string file, long step)
        {
        }
    }
}
