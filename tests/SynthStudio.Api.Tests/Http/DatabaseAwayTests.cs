using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Http;

/// <summary>A database that goes away at whatever moment is told as one that is away.</summary>
[TestClass]
public sealed class DatabaseAwayTests
{
    private readonly ErrorMapper mapper = new(NullLogger<ErrorMapper>.Instance);

    [TestMethod]
    public void A_database_that_is_away_is_to_be_asked_again()
    {
        var broken = new NpgsqlException("Exception while reading from stream", new EndOfStreamException());
        Exception[] away =
        [
            broken, new DbUpdateException("Not saved.", broken),
            new InvalidOperationException("Likely for a while.", new DbUpdateException("Not saved.", broken)),
            new NpgsqlException("Received something else than an answer."), Answer(PostgresErrorCodes.AdminShutdown),
            Answer(PostgresErrorCodes.CrashShutdown), Answer(PostgresErrorCodes.CannotConnectNow),
            Answer(PostgresErrorCodes.TooManyConnections), Answer(PostgresErrorCodes.ReadOnlySqlTransaction),
        ];
        foreach (var met in away) Assert.AreEqual(StatusCode.Unavailable, CodeOf(met), met.ToString());
    }

    [TestMethod]
    public void What_a_database_answers_is_not_its_absence()
    {
        Assert.AreEqual(StatusCode.Internal, CodeOf(Answer(PostgresErrorCodes.UndefinedColumn)));
        Assert.AreEqual(StatusCode.Internal, CodeOf(new DbUpdateException("Not saved.", Answer(PostgresErrorCodes.CheckViolation))));
    }

    private StatusCode? CodeOf(Exception met) =>
        mapper.Map(met, new MadeUpCall("/synthstudio.v1.DatasetService/CreateDataset", CancellationToken.None))?.StatusCode;

    private static PostgresException Answer(string state) => new("It says no.", "FATAL", "FATAL", state);
}
