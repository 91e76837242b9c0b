int mock_torch_cpu();
int mock_torch_cuda();
int main() {
  return mock_torch_cpu() + mock_torch_cuda() == 2 ? 0 : 1;
}
