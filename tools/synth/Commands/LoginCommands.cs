using System.CommandLine;
using Grpc.Core;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth login</c> and <c>synth logout</c>.</summary>
internal sealed class LoginCommands
{
    private readonly AnonymousCommand anonymous = new();
    private readonly Option<string?> email = new("--email") { Description = "Address of the account; asked for otherwise.", HelpName = "ADDRESS" };
    private readonly Option<string?> provider = new("--provider") { Description = "Sign in by this other provider, in a browser, instead of by a password.", HelpName = "ID" };

    public Command CreateLogin() => anonymous.Create(
        "login", "Sign in at a server. The session is kept in the data folder, for your user only, and used by all commands with this --server and no API key.", [email, provider], LoginAsync);

    public Command CreateLogout() => anonymous.Create("logout", "End the session that synth login began, and forget it.", [], LogoutAsync);

    /// <summary>Keeps a sign-in for the commands to come.</summary>
    public static async Task KeepAsync(Uri server, SessionTokens tokens, CancellationToken cancellation)
    {
        await SavedSessions.Default().ChangeAsync(server, _ => Task.FromResult<SavedSession?>(SessionCredential.From(tokens)), cancellation);
        Console.WriteLine($"Signed in as {tokens.User}.");
    }

    private async Task LoginAsync(AnonymousCall call)
    {
        await KeepAsync(
            call.Server,
            call.Parse.GetValue(provider) is { } id
                ? await ByProviderAsync(call, id)
                : await ByPasswordAsync(call),
            call.Cancellation);
    }

    private async Task<SessionTokens> ByPasswordAsync(AnonymousCall call)
    {
        var address = call.Parse.GetValue(email);
        if (address is null)
        {
            await Console.Error.WriteAsync("Address: ");
            address = await Console.In.ReadLineAsync(call.Cancellation) ?? throw new BadInputException("No address was given.");
        }

        var request = new SignInRequest { Email = address, Password = Secrets.Ask("password") };
        try
        {
            return await call.Client.Accounts.SignInAsync(request, cancellationToken: call.Cancellation);
        }
        catch (RpcException e) when (ErrorReport.Reason(e) == "SECOND_FACTOR_REQUIRED")
        {
            request.SecondFactor = Secrets.Ask("code of the second factor");
            return await call.Client.Accounts.SignInAsync(request, cancellationToken: call.Cancellation);
        }
    }

    private static async Task<SessionTokens> ByProviderAsync(AnonymousCall call, string id)
    {
        using var browser = new BrowserSignIn();
        var started = await call.Client.Accounts.StartProviderSignInAsync(
            new StartProviderSignInRequest { Provider = id, RedirectUri = browser.RedirectUri }, cancellationToken: call.Cancellation);
        return await call.Client.Accounts.FinishProviderSignInAsync(await browser.WaitAsync(started, call.Cancellation), cancellationToken: call.Cancellation);
    }

    private async Task LogoutAsync(AnonymousCall call)
    {
        var sessions = SavedSessions.Default();
        var known = sessions.Find(call.Server) ?? throw new BadInputException($"You are not signed in at {call.Server}.");
        await sessions.ChangeAsync(call.Server, _ => Task.FromResult<SavedSession?>(null), call.Cancellation);
        try
        {
            await call.Client.Accounts.SignOutAsync(new SignOutRequest { RefreshToken = known.RefreshToken }, cancellationToken: call.Cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            // It had ended.
        }

        Console.WriteLine("Signed out.");
    }
}
