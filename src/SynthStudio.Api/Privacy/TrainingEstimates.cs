using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Privacy.Calibration;

namespace SynthStudio.Api.Privacy;

/// <summary>
/// What a training would do and take, before it is paid for. Follows from terms, options, the table's size
/// and measurements on public tables.
/// </summary>
internal sealed class TrainingEstimates(
    IMethodDirectory methods, ITrainingForecasts forecasts, DatasetStore datasets, PrivacyLedger ledger, PrivacyComputations computations)
{
    /// <summary>Where the number of rows is not declared, the methods under DP-SGD sample at this rate.</summary>
    private const double UsualSampleRate = 1.0 / 16;

    /// <summary>Under privacy terms auto never takes a network.</summary>
    private static readonly string[] ChosenByAuto = ["mst", "aim", "tree"];

    /// <param name="definition">The generator.</param>
    /// <param name="demandsBudget">Refuses what does not fit into the budget; without, a note says so.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="BudgetExhaustedException">It does not fit into the budget.</exception>
    /// <exception cref="PartitionException">Its part is none that was declared.</exception>
    /// <exception cref="RpcException">No noise keeps its promise.</exception>
    public async Task<V1.TrainingEstimate> OfAsync(GeneratorDefinition definition, bool demandsBudget, CancellationToken cancellation)
    {
        var training = definition.Training;
        var estimate = new V1.TrainingEstimate { MemoryBytes = Math.Max(definition.Requirements.MemoryBytes, MemoryNeeds.Worker) };
        if (!training.ReadsData)
        {
            estimate.Method = training.Method;
            estimate.Notes.Add(PrivacyMapping.NoData);
            return estimate;
        }

        if (training.MaxTime is { } limit) estimate.Notes.Add(FormattableString.Invariant($"It stops after {limit.TotalSeconds:0.#} seconds at the latest."));
        await AddForecastAsync(estimate, definition, cancellation);
        if (training.Privacy is not { } terms)
        {
            estimate.Notes.Add("Without privacy terms nothing is spent, and nothing is promised.");
            return estimate;
        }

        var figures = await ledger.FiguresAsync(definition.Dataset, terms, cancellation);
        if (!figures.Fits)
        {
            var refusal = new BudgetExhaustedException(definition.Dataset, figures);
            if (demandsBudget) throw refusal;
            estimate.Notes.Add(refusal.Message);
        }

        (estimate.Epsilon, estimate.Delta, estimate.RemainingEpsilon) = (terms.Epsilon, terms.Delta, Math.Max(0, figures.RemainingEpsilon - terms.Epsilon));
        await AddNoiseAsync(estimate, training, terms, cancellation);
        AddMeasured(estimate, training, terms);
        return estimate;
    }

    /// <summary>What the workers tell of it. Of a private training they see what is declared and nothing else.</summary>
    private async Task AddForecastAsync(V1.TrainingEstimate estimate, GeneratorDefinition definition, CancellationToken cancellation)
    {
        var training = definition.Training;
        var table = training.Privacy is null ? await datasets.FindAsync(definition.Dataset, cancellation) : null;
        var question = new TrainingQuestion(training, table?.RowCount ?? 0, table?.ColumnCount ?? 0, definition.Requirements.Accelerator);
        if (await forecasts.ForecastAsync(question, cancellation) is not { } forecast)
        {
            estimate.Notes.Add("No worker can tell now which method would learn, and for how long.");
            return;
        }

        (estimate.Method, estimate.Reason, estimate.Threads) = (forecast.Method, forecast.Reason, forecast.Threads);
        if (training.Privacy is not null) return; // What it takes then was measured at a promise like this.
        estimate.MemoryBytes = Math.Max(forecast.MemoryBytes, estimate.MemoryBytes); // Columns that are not learned are read all the same.
        estimate.ProcessorTime = forecast.ProcessorTime is { } processor ? Duration.FromTimeSpan(processor) : null;
        estimate.Time = forecast.Time is { } time ? Duration.FromTimeSpan(time) : null;
        if (forecast.Time is null) estimate.Notes.Add($"{forecast.Method} was not measured: how long it takes is not known before.");
        else if (question.Accelerator == "cuda") estimate.Notes.Add("The time is that of a CPU: with an accelerator a network takes less.");
    }

    /// <summary>For methods that have steps and a sampling rate.</summary>
    private async Task AddNoiseAsync(V1.TrainingEstimate estimate, TrainingSpec training, PrivacyTerms terms, CancellationToken cancellation)
    {
        var options = (await methods.ListAsync(cancellation)).FirstOrDefault(m => m.Name == training.Method)?.Options ?? [];
        if (Option("steps") is not { } steps || Option("batch_rows") is not { } batch) return;

        var rate = Option("sample_rate") ?? (terms.Rows is { } rows ? Math.Min(batch / rows, 0.5) : UsualSampleRate);
        (estimate.Steps, estimate.SampleRate) = ((long)steps, rate);
        estimate.NoiseMultiplier = await computations.RunAsync(
            "generator.privacy_terms",
            _ => DpSgdCalibration.NoiseMultiplier(terms.Epsilon, terms.Delta, rate, (long)steps, terms.MaxRowsPerUnit), cancellation);
        if (terms.UnitColumn.Length == 0) estimate.Notes.Add("If the schema declares a unit, more noise is needed than for single rows.");

        double? Option(string name) =>
            double.TryParse(
                training.Options.TryGetValue(name, out var given) ? given : options.FirstOrDefault(o => o.Name == name)?.Default, NumberStyles.Float,
                CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static void AddMeasured(V1.TrainingEstimate estimate, TrainingSpec training, PrivacyTerms terms)
    {
        if (terms.Rows is not { } rows)
        {
            estimate.Notes.Add("The number of rows is not declared: what time, memory and quality to expect cannot be read from measurements.");
            return;
        }

        var isAuto = training.Method == "auto";
        estimate.Expected.AddRange(QualityCurves.Shipped
            .Expect(rows, terms.Epsilon, isAuto ? "" : training.Method)
            .Where(e => !isAuto || ChosenByAuto.Contains(e.Method)));
        if (estimate.Expected.Count == 0)
        {
            estimate.Notes.Add($"{training.Method} was not measured on public tables: no time, memory or quality is known before.");
            return;
        }

        estimate.ProcessorTime = Duration.FromTimeSpan(estimate.Expected.Max(e => e.ProcessorTime.ToTimeSpan()));
        estimate.MemoryBytes = Math.Max(estimate.MemoryBytes, estimate.Expected.Max(e => e.MemoryBytes));
        if (estimate.Expected.Any(e => e.BeyondMeasured)) estimate.Notes.Add("Rows times epsilon lie beyond all that was measured.");
        if (isAuto) estimate.Notes.Add("auto chooses among methods: time and memory are those of the most expensive.");
    }
}
