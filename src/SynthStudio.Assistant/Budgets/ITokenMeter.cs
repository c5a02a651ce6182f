using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Budgets;

/// <summary>Keeps what a project takes of tokens, over all processes.</summary>
public interface ITokenMeter
{
    /// <summary>Sets tokens aside before anything is sent; throws what its caller is to see when the project's month has not so many left.</summary>
    /// <param name="project">Resource name of the project.</param>
    /// <param name="tokens">At least 1.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What was set aside, for <see cref="SettleAsync"/>.</returns>
    Task<TokenReservation> ReserveAsync(string project, long tokens, CancellationToken cancellation);

    /// <summary>Puts what was really taken in the place of what was set aside. What is never settled stays taken.</summary>
    Task SettleAsync(TokenReservation reservation, AssistantTask task, TokenUse use);
}

/// <summary>Tokens that are set aside.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Month">The first day of the month that they are of (UTC).</param>
/// <param name="Tokens">How many.</param>
public sealed record TokenReservation(string Project, DateOnly Month, long Tokens);
