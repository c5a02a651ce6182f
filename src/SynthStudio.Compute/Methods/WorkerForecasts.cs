using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using SynthStudio.Worker.V1;
using TrainingForecast = SynthStudio.Orchestration.TrainingForecast;

namespace SynthStudio.Compute;

/// <summary>Has the worker executable tell what trainings would take.</summary>
internal sealed class WorkerForecasts(WorkerQuestions questions, IOptions<ComputeOptions> options) : ITrainingForecasts
{
    private const string Argument = "--forecast-training";

    public async ValueTask<TrainingForecast?> ForecastAsync(TrainingQuestion question, CancellationToken cancellation)
    {
        var training = question.Training;
        var asked = new ForecastTraining
        {
            Method = training.Method,
            Options = { training.Options.ToDictionary() },
            MaxTime = training.MaxTime is { } limit ? Duration.FromTimeSpan(limit) : null,
            Privacy = training.Privacy is { } terms ? OrderTranslator.Translate(terms) : null,
            SchemaJson = training.Data.SchemaJson,
            Rows = question.Rows,
            Columns = question.Columns,
            HoldsBack = training.Data.Split is not null,
            Device = OrderTranslator.Device(question.Accelerator),
            Threads = options.Value.Threads,
        };
        return (await questions.AskIfFreeAsync(Argument, new WorkerInput { ForecastTraining = asked }, cancellation))?.TrainingForecast is { } told
            ? new(told.Method, told.Reason, told.ProcessorTime?.ToTimeSpan(), told.Time?.ToTimeSpan(), told.Threads, told.MemoryBytes)
            : null;
    }
}
