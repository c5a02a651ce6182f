using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>Makes a host know what only workers know, whether it computes or not.</summary>
public static class WorkerKnowledgeServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IMethodDirectory"/>, <see cref="ISchemaChecker"/>, <see cref="IDeclaredTables"/> and <see cref="ITrainingForecasts"/>, answered by the worker
    /// executable. Asks for <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="executable">The worker executable; null seeks it where it is built or shipped.</param>
    public static IServiceCollection AddWorkerKnowledge(this IServiceCollection services, string? executable = null) => services
        .AddSingleton(provider => new WorkerMethods(
            executable, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WorkerMethods>>()))
        .AddSingleton<IMethodDirectory>(provider => provider.GetRequiredService<WorkerMethods>())
        .AddSingleton(provider => new WorkerQuestions(
            executable, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WorkerQuestions>>()))
        .AddSingleton<ISchemaChecker, WorkerSchemaChecker>()
        .AddSingleton<IDeclaredTables, WorkerDeclaredTables>()
        .AddSingleton<ITrainingForecasts, WorkerForecasts>();

    /// <summary>
    /// Adds <see cref="IMethodDirectory"/>, <see cref="ISchemaChecker"/>, <see cref="IDeclaredTables"/> and <see cref="ITrainingForecasts"/>, answered by the
    /// cluster's compute silos, for a host without workers. Asks for <see cref="IGrainFactory"/>, <see cref="TimeProvider"/> and logging.
    /// </summary>
    public static IServiceCollection AddClusterKnowledge(this IServiceCollection services) => services
        .AddSingleton<ClusterKnowledge>()
        .AddSingleton<IMethodDirectory>(provider => provider.GetRequiredService<ClusterKnowledge>())
        .AddSingleton<ISchemaChecker>(provider => provider.GetRequiredService<ClusterKnowledge>())
        .AddSingleton<IDeclaredTables>(provider => provider.GetRequiredService<ClusterKnowledge>())
        .AddSingleton<ITrainingForecasts>(provider => provider.GetRequiredService<ClusterKnowledge>());
}
