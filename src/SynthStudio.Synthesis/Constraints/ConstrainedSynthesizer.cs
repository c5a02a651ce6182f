using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Any method, with the rules of the table's schema kept: the method itself knows nothing of them.</summary>
/// <param name="inner">The method.</param>
internal sealed class ConstrainedSynthesizer(ISynthesizer inner) : ISynthesizer
{
    public string Method => inner.Method;

    public string Summary => inner.Summary;

    public Capabilities Capabilities => inner.Capabilities;

    public MemoryNeed Memory => inner.Memory;

    public IReadOnlyList<MethodOption> Options => inner.Options;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options) => inner.Time(size, options);

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        if (request.WarmStart is { } start) CheckStart(start);
        JoinedColumns.RefuseInvented(table.Schema);
        if (request.Privacy is not null) return PrivateTraining.Fit(inner, table, request, observer, cancellation);
        request = request with { KeyRows = KeyRows.Of(table, request, cancellation) }; // Rows that break a rule have keys, too.
        ConstraintPlan? plan;
        Table learned;
        if (request.AllRows is null)
        {
            (plan, learned) = PlanFor(table, request, cancellation);
        }
        else
        {
            var limit = new TimeLimit(Method, request, TimeProvider.System); // All rows are read: that takes from the time to learn.
            (plan, learned) = limit.BeforeFirstStep(token => PlanFor(table, request, token), cancellation);
            request = request with { MaxTime = limit.Left() };
        }

        if (plan is null) return inner.Fit(learned, request, observer, cancellation);
        var all = request.AllRows is { } source ? new LearnedRows(source, table.Schema, plan) : null;
        var model = inner.Fit(learned, request with { AllRows = all }, observer, cancellation);
        return new ConstrainedModel(model, plan with { Report = all?.Report ?? plan.Report });
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads) =>
        ConstrainedModel.Around(inner.Load(package, device, threads), package);

    private static (ConstraintPlan? Plan, Table Learned) PlanFor(Table table, FitRequest request, CancellationToken cancellation) =>
        request.WarmStart is { } earlier
            ? StartingPlan.For(earlier, table, request.AllRows, cancellation)
            : ConstraintPlan.For(table, request.AllRows, cancellation);

    private void CheckStart(ModelPackage start)
    {
        if (!Capabilities.HasFlag(Capabilities.WarmStart))
            throw new SynthesisException(SynthesisError.Unsupported, $"The method '{Method}' cannot start from an earlier model.", "warm_start");
        if (start.Manifest.Method != Method)
        {
            throw new SynthesisException(
                SynthesisError.Unsupported, $"The method '{Method}' cannot start from a model of the method '{start.Manifest.Method}'.", "warm_start");
        }
    }
}
