using SynthStudio.Privacy;

namespace SynthStudio.Api.Errors;

/// <summary>Every <c>ErrorInfo.reason</c> of the API itself. Stable: programs decide by them. Failed jobs carry the reasons of tables and methods.</summary>
public static class ErrorReasons
{
    /// <summary>The <c>ErrorInfo.domain</c> of every error.</summary>
    public const string Domain = "synthstudio.dev";

    public const string InvalidField = "INVALID_FIELD";
    public const string InvalidName = "INVALID_NAME";
    public const string InvalidMessage = "INVALID_MESSAGE";
    public const string InvalidPageToken = "INVALID_PAGE_TOKEN";
    public const string UnknownMethod = "UNKNOWN_METHOD";
    public const string UnknownOption = "UNKNOWN_OPTION";
    public const string OptionOutOfRange = "OPTION_OUT_OF_RANGE";
    public const string TooExpensive = "TOO_EXPENSIVE";
    public const string RequestIdReused = "REQUEST_ID_REUSED";
    public const string RequestInProgress = "REQUEST_IN_PROGRESS";

    public const string NotFound = "RESOURCE_NOT_FOUND";
    public const string AlreadyExists = "RESOURCE_EXISTS";
    public const string EtagMismatch = "ETAG_MISMATCH";
    public const string StateForbids = "STATE_FORBIDS";
    public const string StillUsed = "STILL_USED";
    public const string JobsStopping = "JOBS_STOPPING";
    public const string LastOwner = "LAST_OWNER";
    public const string LastWayIn = "LAST_WAY_IN";

    public const string BudgetExhausted = "PRIVACY_BUDGET_EXHAUSTED";
    public const string BudgetNotSet = "PRIVACY_BUDGET_NOT_SET";
    public const string PartUnknown = "PRIVACY_PART_UNKNOWN";
    public const string PartitionInUse = "PRIVACY_PARTITION_IN_USE";
    public const string PartitionNotByUnit = "PRIVACY_PARTITION_NOT_BY_UNIT";
    public const string SeveralPopulations = "PRIVACY_SEVERAL_POPULATIONS";
    public const string LedgerUnsafe = "PRIVACY_LEDGER_UNSAFE";
    public const string OutsideGuarantee = "OUTSIDE_GUARANTEE";
    public const string Withheld = "DATASET_WITHHELD";
    public const string IdentifierModelled = "DIRECT_IDENTIFIER_MODELLED";
    public const string MethodNotPrivate = "METHOD_NOT_PRIVATE";
    public const string MethodCopiesRows = "METHOD_COPIES_ROWS";

    public const string NoBucket = "NO_BUCKET";
    public const string PackageCorrupt = "PACKAGE_CORRUPT";
    public const string PackageTampered = "PACKAGE_TAMPERED";
    public const string PackageUnsigned = "PACKAGE_UNSIGNED";
    public const string PackageSignerUnknown = "PACKAGE_SIGNER_UNKNOWN";
    public const string PackageTooNew = "PACKAGE_TOO_NEW";

    public const string WrongOffset = "WRONG_OFFSET";
    public const string ChunkCorrupt = "CHUNK_CORRUPT";
    public const string ContentMismatch = "CONTENT_MISMATCH";
    public const string ValueNotOfType = "VALUE_NOT_OF_TYPE";
    public const string TooLarge = "TOO_LARGE";
    public const string RateLimited = "RATE_LIMITED";
    public const string QuotaExceeded = "QUOTA_EXCEEDED";
    public const string NotAudited = "NOT_AUDITED";
    public const string TrailUnsound = "AUDIT_TRAIL_UNSOUND";
    public const string NothingToAccept = "NOTHING_TO_ACCEPT";

    public const string CredentialsMissing = "CREDENTIALS_MISSING";
    public const string CredentialsInvalid = "CREDENTIALS_INVALID";
    public const string SecondFactorRequired = "SECOND_FACTOR_REQUIRED";
    public const string SecondFactorWrong = "SECOND_FACTOR_WRONG";
    public const string SignInAgain = "SIGN_IN_AGAIN";
    public const string RefreshTokenReused = "REFRESH_TOKEN_REUSED";
    public const string TooManyAttempts = "TOO_MANY_ATTEMPTS";
    public const string TooManySignIns = "TOO_MANY_SIGN_INS";
    public const string WeakPassword = "WEAK_PASSWORD";
    public const string RegistrationClosed = "REGISTRATION_CLOSED";
    public const string NoMail = "NO_MAIL";
    public const string AccountExists = "ACCOUNT_EXISTS";
    public const string NotRegistered = "NOT_REGISTERED";
    public const string InvitationEnded = "INVITATION_ENDED";
    public const string AddressDiffers = "ADDRESS_DIFFERS";
    public const string ProviderAnswerInvalid = "PROVIDER_ANSWER_INVALID";
    public const string ProviderUnavailable = "PROVIDER_UNAVAILABLE";
    public const string RoleTooLow = "ROLE_TOO_LOW";
    public const string ScopeTooLow = "SCOPE_TOO_LOW";
    public const string RealRowsForbidden = "REAL_ROWS_FORBIDDEN";
    public const string NoRule = "NO_RULE";
    public const string FeatureOff = "FEATURE_OFF";

    public const string AssistantUnavailable = "ASSISTANT_UNAVAILABLE";
    public const string AssistantMisconfigured = "ASSISTANT_MISCONFIGURED";
    public const string AssistantTimeSpent = "ASSISTANT_TIME_SPENT";
    public const string AssistantTokensSpent = "ASSISTANT_TOKENS_SPENT";
    public const string AssistantRefused = "ASSISTANT_REFUSED";
    public const string AssistantAnswerUnusable = "ASSISTANT_ANSWER_UNUSABLE";
    public const string AssistantInterrupted = "ASSISTANT_INTERRUPTED";
    public const string OutsideProject = "OUTSIDE_PROJECT";
    public const string NoConsent = "NO_CONSENT";

    public const string StorageFull = "STORAGE_FULL";
    public const string StorageUnavailable = "STORAGE_UNAVAILABLE";
    public const string DatabaseUnavailable = "DATABASE_UNAVAILABLE";
    public const string ObjectDamaged = "OBJECT_DAMAGED";
    public const string ClusterUnavailable = "CLUSTER_UNAVAILABLE";
    public const string NoSuchMethod = "NO_SUCH_METHOD";
    public const string StreamIdle = "STREAM_IDLE";
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";
    public const string Cancelled = "CANCELLED";
    public const string Internal = "INTERNAL";

    /// <summary>The reason of a privacy computation that is refused, for example PARAMETER_OUT_OF_RANGE.</summary>
    public static string Of(PrivacyError error) => Upper(error);

    /// <summary>A status as the protocol writes it, for example PERMISSION_DENIED.</summary>
    public static string Of(StatusCode code) => code == StatusCode.OK ? "OK" : Upper(code);

    /// <summary>The reason why a partition gets no discount.</summary>
    public static string Of(PartitionProblem problem) => problem switch
    {
        PartitionProblem.Unknown => PartUnknown,
        PartitionProblem.InUse => PartitionInUse,
        PartitionProblem.NotByUnit => PartitionNotByUnit,
        _ => SeveralPopulations,
    };

    /// <summary>The reason why a price does not fit into a budget.</summary>
    public static string OfBudget(BudgetFigures figures) => figures.BudgetEpsilon is null ? BudgetNotSet : BudgetExhausted;

    private static string Upper<T>(T constant) where T : struct, Enum =>
        string.Concat(constant.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
