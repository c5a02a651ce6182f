using Google.Protobuf.WellKnownTypes;
using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.Jobs;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;
using Forecast = SynthStudio.Synthesis.Auto.TrainingForecast;

namespace SynthStudio.Worker.Running;

/// <summary>Says what a training would do and take, by the rules that trainings go by, to who starts the worker with <see cref="Argument"/>.</summary>
internal static class ForecastQuestion
{
    /// <summary>Announces a question instead of a job.</summary>
    public const string Argument = "--forecast-training";

    /// <summary>Answers one question and returns the exit code.</summary>
    public static async Task<int> AnswerAsync(MessageChannel<WorkerInput, WorkerOutput> channel)
    {
        if ((await channel.ReadAsync())?.ForecastTraining is not { } question) return ProcessExit.BadConversation;

        await channel.WriteAsync(Answer(question));
        return ProcessExit.Done;
    }

    private static WorkerOutput Answer(ForecastTraining question)
    {
        try
        {
            var request = new FitRequest
            {
                Options = question.Options,
                MaxTime = question.MaxTime?.ToTimeSpan(),
                Device = Devices.Parse(question.Device),
                Threads = question.Threads,
                Privacy = question.Privacy is { } terms ? TrainJob.Terms(terms) : null,
            };
            var schema = question.SchemaJson.Length > 0 ? SchemaFile.Parse(question.SchemaJson) : null;
            var rows = question.Rows - (question.HoldsBack ? HeldBackRows.Count(question.Rows, question.Columns) : 0);
            return new WorkerOutput { TrainingForecast = Translate(Forecast.Of(question.Method, schema, rows, question.Columns, request)) };
        }
        catch (Exception e) when (e is SynthesisException or TableException)
        {
            return new WorkerOutput { Failed = JobFailure.From(e, cancelWished: false) };
        }
    }

    private static TrainingForecast Translate(Forecast forecast) => new()
    {
        Method = forecast.Method,
        Reason = forecast.Reason,
        ProcessorTime = forecast.ProcessorTime is { } processor ? Duration.FromTimeSpan(processor) : null,
        Time = forecast.Time is { } time ? Duration.FromTimeSpan(time) : null,
        Threads = forecast.Threads,
        MemoryBytes = forecast.MemoryBytes,
    };
}
