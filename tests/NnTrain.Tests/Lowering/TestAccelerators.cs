// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace NnTrain.Tests.Lowering;

/// <summary>Named designs.</summary>
internal static class TestAccelerators
{
    public static AcceleratorSpec Load(string name)
    {
        SpecIssues issues = [];
        AcceleratorSpec? spec = AcceleratorFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "accelerators", name + ".yaml"), issues);
        issues.ThrowIfAny();
        return spec!;
    }
}
