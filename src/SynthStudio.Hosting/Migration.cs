using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SynthStudio.Api;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Hosting;

/// <summary>What <c>synth migrate</c> does to a cluster's database before the cluster starts, as the schema's owner.</summary>
/// <param name="ConnectionString">How to connect, in Npgsql's words.</param>
public sealed record Migration(string ConnectionString)
{
    /// <summary>The role that silos and API replicas connect as, to be granted what it needs; null grants nothing.</summary>
    public string? ServiceRole { get; init; }

    /// <summary>The role that only reads, and no secrets; null grants nothing.</summary>
    public string? ReaderRole { get; init; }

    /// <summary>Where the first administrator's API key is written, if it is not there yet and they are not locked out; null makes none.</summary>
    public string? AdminKeyFile { get; init; }

    /// <summary>What is missing; changes nothing.</summary>
    /// <exception cref="ServerStartException">The database cannot be reached, or a newer program migrated it.</exception>
    public Task<IReadOnlyList<string>> ListMissingAsync(CancellationToken cancellation = default) =>
        UseAsync(source => new PostgresMigrator(source).ListMissingAsync(cancellation));

    /// <summary>Applies what is missing and grants the roles; answers what was applied. May be repeated.</summary>
    /// <exception cref="ServerStartException">The database cannot be reached or refuses, or a newer program migrated it.</exception>
    public Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellation = default) => UseAsync(async source =>
    {
        var applied = await new PostgresMigrator(source).ApplyAsync(cancellation);
        await PostgresRoles.GrantAsync(source, ServiceRole, ReaderRole, cancellation);
        if (AdminKeyFile is not null) await EnsureAdminAsync(source, AdminKeyFile, cancellation);
        return applied;
    });

    private async Task<IReadOnlyList<string>> UseAsync(Func<PostgresDataSource, Task<IReadOnlyList<string>>> use)
    {
        await using var source = DatabaseConnection.Open(ConnectionString);
        try
        {
            return await use(source);
        }
        catch (NpgsqlException e)
        {
            throw DatabaseConnection.Explain(e);
        }
        catch (CatalogSchemaException e)
        {
            throw new ServerStartException(e.Message, e);
        }
    }

    private static async Task EnsureAdminAsync(PostgresDataSource source, string file, CancellationToken cancellation)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSynthStudioIdentity(source)
            .AddSingleton(new ApiOptions())
            .AddSingleton<ApiKeyIssuer>()
            .AddSingleton<EmbeddedAdmin>()
            .BuildServiceProvider();
        await services.GetRequiredService<EmbeddedAdmin>().EnsureAsync(file, cancellation);
    }
}
