using System.CommandLine;
using System.Globalization;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth account</c>: how one signs in, and what is kept of oneself.</summary>
internal sealed class AccountCommand
{
    private readonly AnonymousCommand anonymous = new();
    private readonly ServerCommand server = new();
    private readonly Argument<string> address = new("ADDRESS") { Description = "The mail address." };
    private readonly Argument<string> session = new("SESSION") { Description = "The session's id." };
    private readonly Argument<string> provider = new("PROVIDER") { Description = "The provider's id." };
    private readonly Option<string> displayName = new("--display-name") { Description = "Your name, for people.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<bool> admin = new("--admin") { Description = "As an administrator." };
    private readonly Option<string> user = new("--user") { Description = "A user with API keys only who is to get an account.", HelpName = "users/ID", DefaultValueFactory = _ => "" };
    private readonly Option<string?> of = new("--of") { Description = "Another user than yourself, for administrators.", HelpName = "users/ID" };
    private readonly Option<FileInfo> output = new("--out") { Description = "File for the JSON document.", HelpName = "FILE", Required = true };
    private readonly Option<bool> keepKeys = new("--keep-keys") { Description = "Leave API keys good; without, they are revoked, since who had the old password may have made some." };
    private readonly Option<bool> keepMade = new("--keep-keys") { Description = "For administrators: leave the keys of service accounts and other users that they made good; without, those are revoked." };
    private readonly Option<bool> yes = new("--yes") { Description = "Do it." };

    public Command Create() => new("account", "Your account: register, passwords, second factor, sessions, export and erasure.")
    {
        anonymous.Create("register", "Ask for a mail by which an account is made.", [address], RegisterAsync),
        anonymous.Create("complete", "Make the account whose mail brought a token, and sign in. Asks for the token and a password.", [displayName], CompleteAsync),
        anonymous.Create("forgot-password", "Ask for a mail by which a new password is set.", [address], ForgotAsync),
        anonymous.Create("reset-password", "Set a new password; sessions end, and API keys. Asks for the token of the mail and the password.", [keepKeys], ResetAsync),
        anonymous.Create("confirm-email", "Give the account the address whose mail brought a token, which it asks for.", [], ConfirmEmailAsync),
        anonymous.Create("providers", "List the other providers that one can sign in by.", [], ProvidersAsync),
        Known("show", "Show how you sign in.", [of], ShowAsync),
        Known("change-password", "Change the password, or set the first one; other sessions end, and API keys.", [keepKeys], ChangePasswordAsync),
        Known("change-email", "Ask for a mail to another address, by which the account gets it.", [address], ChangeEmailAsync),
        Known("second-factor", "Set up a second factor: prints a secret for an app, asks for its first code, prints recovery codes.", [], SecondFactorAsync),
        Known("recovery-codes", "Make new recovery codes in place of the old.", [], RecoveryCodesAsync),
        Known("remove-second-factor", "Ask for the second factor no more.", [of], RemoveSecondFactorAsync),
        Known("link", "Let yourself sign in by another provider too.", [provider], LinkAsync),
        Known("unlink", "Sign in by another provider no more.", [provider, of], UnlinkAsync),
        Known("sessions", "List sessions.", [of], SessionsAsync),
        Known("revoke", "End a session.", [session, of], RevokeAsync),
        Known("export", "Download all that is kept of you.", [of, output], ExportAsync),
        Known("erase", "Delete yourself, for good. Says what is deleted, and what stays and why.", [of, yes, keepMade], EraseAsync),
        Known("invite", "Send an invitation; for administrators. Asks for your password, and a code of the second factor, where your account has them.", [address, admin, user], InviteAsync),
    };

    private Command Known(string name, string description, Symbol[] symbols, Func<ServerCall, Task> action) =>
        server.Create(name, description, symbols, action, usesProject: false);

    private async Task RegisterAsync(AnonymousCall call)
    {
        await call.Client.Accounts.StartRegistrationAsync(
            new StartRegistrationRequest { Email = call.Parse.GetValue(address) }, cancellationToken: call.Cancellation);
        Console.WriteLine("A mail is on its way. Go on by: synth account complete");
    }

    private async Task CompleteAsync(AnonymousCall call)
    {
        var request = new CompleteRegistrationRequest
        {
            Token = Secrets.Ask("token of the mail"), DisplayName = call.Parse.GetValue(displayName),
            Password = Secrets.AskNewPassword(),
        };
        await LoginCommands.KeepAsync(
            call.Server,
            await call.Client.Accounts.CompleteRegistrationAsync(request, cancellationToken: call.Cancellation),
            call.Cancellation);
    }

    private async Task ForgotAsync(AnonymousCall call)
    {
        await call.Client.Accounts.RequestPasswordResetAsync(
            new RequestPasswordResetRequest { Email = call.Parse.GetValue(address) }, cancellationToken: call.Cancellation);
        Console.WriteLine("If there is an account with this address, a mail is on its way. Go on by: synth account reset-password");
    }

    private async Task ResetAsync(AnonymousCall call)
    {
        await call.Client.Accounts.ResetPasswordAsync(
            new ResetPasswordRequest
            {
                Token = Secrets.Ask("token of the mail"), Password = Secrets.AskNewPassword(),
                KeepApiKeys = call.Parse.GetValue(keepKeys),
            },
            cancellationToken: call.Cancellation);
        Console.WriteLine($"The password is set, and all sessions were ended{Keys(call.Parse)}. Sign in by: synth login");
    }

    private static async Task ConfirmEmailAsync(AnonymousCall call)
    {
        await call.Client.Accounts.ConfirmEmailChangeAsync(new ConfirmEmailChangeRequest { Token = Secrets.Ask("token of the mail") }, cancellationToken: call.Cancellation);
        Console.WriteLine("The account has this address now.");
    }

    private static async Task ProvidersAsync(AnonymousCall call)
    {
        var table = new TextTable("ID", "NAME");
        foreach (var known in (await call.Client.Accounts.ListSignInProvidersAsync(
            new ListSignInProvidersRequest(), cancellationToken: call.Cancellation)).Providers)
        {
            table.Add(known.Id, known.DisplayName);
        }

        Console.WriteLine(table);
    }

    private async Task ShowAsync(ServerCall call) => Console.WriteLine(Names.Json(await FindAsync(call)));

    private async Task ChangePasswordAsync(ServerCall call)
    {
        var known = await FindAsync(call);
        var request = new ChangePasswordRequest
        {
            Name = known.Name, Password = known.HasPassword ? Secrets.Ask("password so far") : "", SecondFactor = AskCode(known), NewPassword = Secrets.AskNewPassword(),
            KeepApiKeys = call.Parse.GetValue(keepKeys),
        };
        await call.Client.Accounts.ChangePasswordAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine($"The password is changed, and other sessions were ended{Keys(call.Parse)}.");
    }

    private async Task ChangeEmailAsync(ServerCall call)
    {
        var known = await FindAsync(call);
        var request = new RequestEmailChangeRequest
        {
            Name = known.Name, Email = call.Parse.GetValue(address),
            Password = Secrets.Ask("password"), SecondFactor = AskCode(known),
        };
        await call.Client.Accounts.RequestEmailChangeAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine("A mail is on its way. Go on by: synth account confirm-email");
    }

    private async Task SecondFactorAsync(ServerCall call)
    {
        var account = await AccountAsync(call);
        var started = await call.Client.Accounts.StartSecondFactorAsync(
            new StartSecondFactorRequest { Name = account, Password = Secrets.Ask("password") }, cancellationToken: call.Cancellation);
        Console.WriteLine($"Secret for your app: {started.Secret}\n{started.Uri}");
        var codes = await call.Client.Accounts.ConfirmSecondFactorAsync(
            new ConfirmSecondFactorRequest { Name = account, Code = Secrets.Ask("code of the app") }, cancellationToken: call.Cancellation);
        Print(codes);
    }

    private async Task RecoveryCodesAsync(ServerCall call) => Print(await call.Client.Accounts.CreateRecoveryCodesAsync(
        new CreateRecoveryCodesRequest { Name = await AccountAsync(call), Code = Secrets.Ask("code of the second factor") }, cancellationToken: call.Cancellation));

    private async Task RemoveSecondFactorAsync(ServerCall call)
    {
        var code = call.Parse.GetValue(of) is null ? Secrets.Ask("code of the second factor") : "";
        await call.Client.Accounts.RemoveSecondFactorAsync(
            new RemoveSecondFactorRequest { Name = await AccountAsync(call), Code = code }, cancellationToken: call.Cancellation);
        Console.WriteLine("The second factor is asked for no more.");
    }

    private async Task LinkAsync(ServerCall call)
    {
        using var browser = new BrowserSignIn();
        var account = await FindAsync(call);
        var (password, code) = AskAll(account);
        var request = new StartProviderLinkRequest
        {
            Name = account.Name, Provider = call.Parse.GetValue(provider), RedirectUri = browser.RedirectUri, Password = password, SecondFactor = code,
        };
        var started = await call.Client.Accounts.StartProviderLinkAsync(request, cancellationToken: call.Cancellation);
        var tokens = await call.Client.Accounts.FinishProviderSignInAsync(
            await browser.WaitAsync(started, call.Cancellation), cancellationToken: call.Cancellation);
        await call.Client.Accounts.SignOutAsync(
            new SignOutRequest { RefreshToken = tokens.RefreshToken }, cancellationToken: call.Cancellation);
        Console.WriteLine($"You can sign in by {call.Parse.GetValue(provider)} now.");
    }

    private async Task UnlinkAsync(ServerCall call)
    {
        var account = await FindAsync(call);
        var (password, code) = call.Parse.GetValue(of) is null ? AskAll(account) : ("", "");
        await call.Client.Accounts.RemoveProviderLinkAsync(
            new RemoveProviderLinkRequest { Name = account.Name, Provider = call.Parse.GetValue(provider), Password = password, SecondFactor = code },
            cancellationToken: call.Cancellation);
    }

    private async Task SessionsAsync(ServerCall call)
    {
        var table = new TextTable("SESSION", "BY", "FROM", "SINCE", "UNTIL", "CLIENT");
        var whose = await UserAsync(call);
        var entries = Pages.ReadAsync(
            token => call.Client.Accounts.ListSessionsAsync(
                new ListSessionsRequest { Parent = whose, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Sessions, page => page.NextPageToken);
        await foreach (var s in entries)
        {
            var end = s.RevokeTime is null ? Time(s.ExpireTime) : "ended " + Time(s.RevokeTime);
            table.Add(Names.Id(s.Name) + (s.Current ? " (this)" : ""), s.Method, s.Address, Time(s.CreateTime), end, s.Agent);
        }

        Console.WriteLine(table);

        static string Time(Google.Protobuf.WellKnownTypes.Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private async Task RevokeAsync(ServerCall call) => await call.Client.Accounts.RevokeSessionAsync(
        new RevokeSessionRequest { Name = $"{await UserAsync(call)}/sessions/{Names.Id(call.Parse.GetValue(session)!)}" }, cancellationToken: call.Cancellation);

    private async Task ExportAsync(ServerCall call)
    {
        var target = InputFiles.Output("--out", call.Parse.GetRequiredValue(output));
        var document = await call.Client.Accounts.ExportAccountAsync(
            new ExportAccountRequest { Name = await AccountAsync(call) }, cancellationToken: call.Cancellation);
        await File.WriteAllBytesAsync(target.FullName, document.Data.ToByteArray(), call.Cancellation);
    }

    private async Task EraseAsync(ServerCall call)
    {
        if (!call.Parse.GetValue(yes))
        {
            throw new BadInputException("This cannot be undone. Export what you want to keep (synth account export), then say --yes.");
        }

        var account = await FindAsync(call);
        var (password, code) = call.Parse.GetValue(of) is null ? AskAll(account) : ("", "");
        var request = new EraseAccountRequest { Name = account.Name, Password = password, SecondFactor = code };
        if (call.Parse.GetValue(keepMade)) request.RevokeMadeKeys = false;
        var erased = await call.Client.Accounts.EraseAccountAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine("Deleted: " + string.Join(", ", erased.Deleted.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value.ToString(CultureInfo.InvariantCulture)}")));
        foreach (var kept in erased.Kept)
        {
            Console.WriteLine($"Stays: {kept.What}.\n  {kept.Why}");
        }

        UsersCommand.Tell(erased.RevokedApiKeys);
        foreach (var key in erased.MadeApiKeys) Console.WriteLine($"Stays good: {key}, a key that was made of another user or a service account. Whoever may revoke it replaces it.");
    }

    private async Task InviteAsync(ServerCall call)
    {
        var (password, code) = AskAll(await FindAsync(call));
        var request = new InviteUserRequest
        {
            Email = call.Parse.GetValue(address), Role = call.Parse.GetValue(admin) ? UserRole.Admin : UserRole.User,
            User = call.Parse.GetValue(user), Password = password, SecondFactor = code,
        };
        var sent = await call.Client.Accounts.InviteUserAsync(request, cancellationToken: call.Cancellation);
        Console.WriteLine($"A mail is on its way, good until {sent.ExpireTime.ToDateTimeOffset():u}.");
    }

    private string Keys(ParseResult parse) => parse.GetValue(keepKeys) ? "; API keys stay good" : ", API keys revoked";

    private async Task<Account> FindAsync(ServerCall call) =>
        await call.Client.Accounts.GetAccountAsync(new GetAccountRequest { Name = await AccountAsync(call) }, cancellationToken: call.Cancellation);

    /// <summary>Asks for all that an account has.</summary>
    private static (string Password, string Code) AskAll(Account account) => (account.HasPassword ? Secrets.Ask("password") : "", AskCode(account));

    private static string AskCode(Account account) => account.HasSecondFactor ? Secrets.Ask("code of the second factor") : "";

    private async Task<string> AccountAsync(ServerCall call) => await UserAsync(call) + "/account";

    private async Task<string> UserAsync(ServerCall call) => call.Parse.CommandResult.Command.Options.Contains(of) && call.Parse.GetValue(of) is { } named
        ? named
        : (await call.Client.Identity.WhoAmIAsync(new WhoAmIRequest(), cancellationToken: call.Cancellation)).User.Name;

    private static void Print(RecoveryCodes codes) =>
        Console.WriteLine("Recovery codes, each good once in place of a code of the app. Keep them somewhere safe:\n" + string.Join('\n', codes.Codes));
}
