namespace SynthStudio.Orchestration;

/// <summary>Tells before a training what it would do and take. Only the workers know how methods choose and what they cost.</summary>
public interface ITrainingForecasts
{
    /// <summary>The forecast; null while no worker can tell.</summary>
    /// <param name="question">The training.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<TrainingForecast?> ForecastAsync(TrainingQuestion question, CancellationToken cancellation);
}

/// <summary>A training whose table is known by its size.</summary>
/// <param name="Training">The training; its table is not read.</param>
/// <param name="Rows">Rows of the table; 0 under privacy terms, when only what is declared counts.</param>
/// <param name="Columns">Columns of the table; 0 counts those of its schema file.</param>
/// <param name="Accelerator">What it shall compute on: <c>any</c>, <c>cpu</c> or <c>cuda</c>.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.TrainingQuestion")]
public sealed record TrainingQuestion(
    [property: Id(0)] TrainingSpec Training, [property: Id(1)] long Rows, [property: Id(2)] int Columns, [property: Id(3)] string Accelerator);

/// <summary>What a training would do and take, from measurements on public tables.</summary>
/// <param name="Method">The method that would learn: the one asked for, or what auto chooses.</param>
/// <param name="Reason">Why auto chooses it, for people; empty where the method was asked for.</param>
/// <param name="ProcessorTime">Over all threads, on the CPU; null where nothing comparable was measured.</param>
/// <param name="Time">Wall-clock time on <paramref name="Threads"/> that do nothing else; null likewise.</param>
/// <param name="Threads">Threads that would work side by side.</param>
/// <param name="MemoryBytes">Highest host memory.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.TrainingForecast")]
public sealed record TrainingForecast(
    [property: Id(0)] string Method, [property: Id(1)] string Reason, [property: Id(2)] TimeSpan? ProcessorTime, [property: Id(3)] TimeSpan? Time,
    [property: Id(4)] int Threads, [property: Id(5)] long MemoryBytes);
